/**
 * The tables, as numbered migrations that only go forward.
 *
 * They are meant to be queried with SQL. Times are milliseconds since the epoch, of the
 * database's clock but for `items.started_at`. Texts named "tagged JSON" are JSON with tags
 * for what it lacks. A text that starts with U+001A is a JSON string of what SQLite
 * cannot hold as it is (NUL, lone surrogates).
 *
 * @module
 */
import { CALLS_SCHEMA } from "./calls_schema.ts";

/** The database's time, in milliseconds since the epoch. */
export const NOW = "CAST(round(unixepoch('subsec') * 1000) AS INTEGER)";

/** The ids of a session's items begin at its own id times this. */
export const IDS_PER_SESSION = 2 ** 32;

/** What the database says when a session without the lease tries to write. */
export const LEASE_LOST = "lease-lost";

/** What the database says when an experiment that somebody writes to is to be changed. */
export const IN_USE = "experiment-in-use";

/**
 * Which items are not settled. A query that is to use the index `items_unsettled` must hold the
 * index's own condition, even where another condition of it says more.
 */
export const UNSETTLED = "(error_name IS NOT NULL OR gone = 1)";

const VERSION_1: readonly string[] = [
  `CREATE TABLE experiments (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
  )`,
  `-- One execution that added results to an experiment.
  CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    token TEXT NOT NULL UNIQUE, -- of the lease that it held
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    dotevals_version TEXT NOT NULL,
    deno_version TEXT NOT NULL,
    git_commit TEXT,
    git_dirty INTEGER, -- 1 where the checkout had changes
    started_at INTEGER NOT NULL,
    finished_at INTEGER
  )`,
  `CREATE INDEX sessions_of_experiment ON sessions (experiment_id)`,
  `-- Who may write to an experiment now.
  CREATE TABLE leases (
    experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    shard TEXT NOT NULL, -- '1/1' is all of it
    token TEXT NOT NULL UNIQUE,
    host TEXT NOT NULL,
    pid INTEGER NOT NULL,
    boot TEXT, -- with namespace and process_start: which process of which boot it is
    namespace TEXT,
    process_start TEXT,
    heartbeat_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    PRIMARY KEY (experiment_id, shard)
  ) WITHOUT ROWID`,
  `-- Inserting here fails unless a lease has this token: the first statement of every write.
  CREATE VIEW lease_checks AS SELECT token FROM leases`,
  `CREATE TRIGGER lease_check INSTEAD OF INSERT ON lease_checks
  WHEN NOT EXISTS (SELECT 1 FROM leases WHERE token = NEW.token)
  BEGIN
    SELECT RAISE(ABORT, '${LEASE_LOST}');
  END`,
  `-- Inserting here fails while an experiment has a lease with another token that is good.
  CREATE VIEW use_checks AS SELECT experiment_id, token FROM leases`,
  `CREATE TRIGGER use_check INSTEAD OF INSERT ON use_checks
  WHEN EXISTS (SELECT 1 FROM leases WHERE experiment_id = NEW.experiment_id
    AND token IS NOT NEW.token AND expires_at > ${NOW})
  BEGIN
    SELECT RAISE(ABORT, '${IN_USE}');
  END`,
  `-- One evaluation under one variant. The highest generation is the one that counts.
  CREATE TABLE evaluations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    experiment_id INTEGER NOT NULL REFERENCES experiments (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    variant TEXT NOT NULL, -- its bindings, canonical
    generation INTEGER NOT NULL, -- from 1
    ordinal INTEGER NOT NULL, -- its place in the experiment, in the order of first runs
    status TEXT NOT NULL CHECK (status IN ('running', 'incomplete', 'complete')),
    session_id INTEGER NOT NULL REFERENCES sessions (id), -- that ran it last
    items INTEGER NOT NULL DEFAULT 0, -- of its last pass
    revision INTEGER NOT NULL DEFAULT 0, -- goes up with each commit
    code TEXT NOT NULL, -- with model, major and version: the fingerprint of its definition
    model TEXT NOT NULL,
    major TEXT NOT NULL,
    version TEXT NOT NULL,
    metadata TEXT, -- tagged JSON
    tags TEXT NOT NULL, -- a JSON array
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    UNIQUE (experiment_id, name, variant, generation)
  )`,
  `CREATE INDEX evaluations_of_session ON evaluations (session_id)`,
  `-- What one row produced under one repeat.
  CREATE TABLE items (
    id INTEGER PRIMARY KEY, -- session_id * 4294967296 + a count
    evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
    key BLOB NOT NULL, -- 16 bytes, a digest of the row's identity
    repeat INTEGER NOT NULL, -- from 0
    position INTEGER NOT NULL, -- the row's place in the dataset, from 0
    gone INTEGER NOT NULL DEFAULT 0, -- 1 where the row has left the dataset
    error_name TEXT, -- NULL where it did not end with an error
    session_id INTEGER GENERATED ALWAYS AS (id >> 32) VIRTUAL,
    attempts INTEGER NOT NULL,
    started_at REAL NOT NULL,
    duration_ms REAL NOT NULL,
    row TEXT NOT NULL, -- tagged JSON, as prompt, response and metadata
    prompt TEXT,
    response TEXT,
    error_message TEXT,
    error_stack TEXT,
    metadata TEXT,
    UNIQUE (evaluation_id, key, repeat)
  )`,
  `CREATE INDEX items_in_order ON items (evaluation_id, position, repeat, id, gone, error_name)`,
  `-- The few that are not settled, so that counting and replacing them reads no others.
  CREATE INDEX items_unsettled ON items (evaluation_id, key, repeat, gone, error_name)
  WHERE error_name IS NOT NULL OR gone = 1`,
  `CREATE TABLE scores (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, -- its place in the result, from 0
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('boolean', 'number', 'string', 'record')),
    number REAL, -- booleans are 1 and 0; NULL for texts, records, NaN and infinities
    value TEXT, -- tagged JSON where kind and number do not say exactly what it is
    metadata TEXT, -- tagged JSON
    PRIMARY KEY (item_id, ordinal)
  ) WITHOUT ROWID`,
  `-- NaN and the infinities, which sums in SQL leave out.
  CREATE INDEX scores_unsummed ON scores (item_id, name, value)
  WHERE kind = 'number' AND number IS NULL`,
  `-- What aggregates a score, and what it came to when a session last ended.
  CREATE TABLE score_metrics (
    id INTEGER PRIMARY KEY,
    evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
    score TEXT NOT NULL,
    metric TEXT NOT NULL,
    parameters TEXT NOT NULL, -- tagged JSON, its keys in order
    number REAL, -- the value; NULL where there is none, and for NaN and infinities
    value TEXT, -- tagged JSON where the number is not exactly the value
    details TEXT, -- tagged JSON
    results INTEGER, -- how many results it covers; NULL until it was computed
    revision INTEGER, -- the evaluation's revision that it covers
    UNIQUE (evaluation_id, score, metric, parameters)
  )`,
];

const VERSION_2: readonly string[] = [
  `-- How the last pass of each shard over an evaluation stands; those of one count make it up.
  CREATE TABLE passes (
    evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
    shard TEXT NOT NULL, -- '2/4'; '1/1' is all of it
    session_id INTEGER NOT NULL REFERENCES sessions (id),
    status TEXT NOT NULL CHECK (status IN ('running', 'incomplete', 'complete')),
    items INTEGER NOT NULL, -- of the whole evaluation
    PRIMARY KEY (evaluation_id, shard)
  ) WITHOUT ROWID`,
];

const VERSION_4: readonly string[] = [
  `-- 1 from the beginning of a copy of the experiment to here until it is whole.
  ALTER TABLE experiments ADD COLUMN copying INTEGER NOT NULL DEFAULT 0`,
];

const VERSION_5: readonly string[] = [
  `-- How the scores of a large evaluation are spread, counted when a pass over it ended.
  CREATE TABLE distributions (
    evaluation_id INTEGER PRIMARY KEY REFERENCES evaluations (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL, -- the evaluation's revision that it covers
    scores TEXT NOT NULL -- tagged JSON
  )`,
  `ALTER TABLE calls ADD COLUMN started_at REAL`,
  `-- A JSON array of [sent, latency, error] for each attempt, where there were several; in milliseconds,
  -- the first from the call's beginning.
  ALTER TABLE calls ADD COLUMN tries TEXT`,
];

/** Each migration's statements: the first makes version 1 of nothing, and so on. */
export const MIGRATIONS: readonly (readonly string[])[] = [
  VERSION_1,
  VERSION_2,
  CALLS_SCHEMA,
  VERSION_4,
  VERSION_5,
];
