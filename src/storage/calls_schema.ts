/**
 * The tables of calls: what each took, and what they add up to.
 *
 * Triggers keep the totals, so that they are what the rows say at any moment, whatever changes the
 * rows: a commit that the network sends twice, a replaced error, a row that has left the dataset.
 *
 * @module
 */

/** What a row of `calls` adds to the totals: `sign` is empty, or a minus. */
function addToTotals(call: "c" | "NEW" | "OLD", { sign, rest }: CallsToAdd): string {
  const amounts = [
    "1",
    `(${call}.error IS NOT NULL)`,
    ...["input", "output", "cached", "reasoning"].map((kind) =>
      `coalesce(${call}.${kind}_tokens, 0)`
    ),
    `(${call}.cost IS NOT NULL)`,
    `coalesce(CAST(round(${call}.cost * 1e12) AS INTEGER), 0)`,
    `(${call}.error IS NULL AND ${call}.latency_ms IS NOT NULL)`,
    `iif(${call}.error IS NULL, coalesce(CAST(round(${call}.latency_ms * 1e3) AS INTEGER), 0), 0)`,
  ];
  return `INSERT INTO call_totals (evaluation_id, model, ${TOTALS.join(", ")})
    SELECT i.evaluation_id, ${call}.model, ${amounts.map((each) => sign + each).join(", ")}
    ${rest}
    ON CONFLICT (evaluation_id, model) DO UPDATE SET
      ${TOTALS.map((column) => `${column} = ${column} + excluded.${column}`).join(", ")};`;
}

interface CallsToAdd {
  readonly sign: "" | "-";
  /** From where the calls come, and which of them. */
  readonly rest: string;
}

/** The calls of an item that has just been marked. */
const JOINED_CALLS = "FROM items i CROSS JOIN calls c ON c.item_id = i.id WHERE i.id = NEW.id";

const TOTALS: readonly string[] = [
  "calls",
  "failed",
  "input_tokens",
  "output_tokens",
  "cached_tokens",
  "reasoning_tokens",
  "priced",
  "cost_picodollars",
  "timed",
  "latency_us",
];

/** Version 3: the tables of calls and their totals. */
export const CALLS_SCHEMA: readonly string[] = [
  `-- What each call of a model took; request and response are NULL where they are the item's own.
  CREATE TABLE calls (
    item_id INTEGER NOT NULL REFERENCES items (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL, -- its place among the item's calls, from 0
    model TEXT NOT NULL, -- what results call it
    kind TEXT NOT NULL CHECK (kind IN ('generate', 'embed', 'batch')),
    attempts INTEGER NOT NULL,
    latency_ms REAL, -- of the last attempt
    time_to_first_token_ms REAL,
    input_tokens INTEGER,
    output_tokens INTEGER,
    cached_tokens INTEGER, -- of the input
    reasoning_tokens INTEGER, -- of the output
    cost REAL, -- US dollars; NULL where no price is known
    finish_reason TEXT,
    error TEXT, -- name and message; NULL where it answered
    request TEXT, -- tagged JSON, as response
    response TEXT,
    PRIMARY KEY (item_id, ordinal)
  ) WITHOUT ROWID`,
  `-- What the calls of items that are not gone add up to; kept by the triggers below.
  CREATE TABLE call_totals (
    evaluation_id INTEGER NOT NULL REFERENCES evaluations (id) ON DELETE CASCADE,
    model TEXT NOT NULL,
    calls INTEGER NOT NULL,
    failed INTEGER NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    reasoning_tokens INTEGER NOT NULL,
    priced INTEGER NOT NULL, -- calls whose cost is known
    cost_picodollars INTEGER NOT NULL, -- whole numbers add up exactly
    timed INTEGER NOT NULL, -- calls that answered, whose latency is known
    latency_us INTEGER NOT NULL, -- microseconds
    PRIMARY KEY (evaluation_id, model)
  ) WITHOUT ROWID`,
  `CREATE TRIGGER call_added AFTER INSERT ON calls BEGIN
    ${
    addToTotals("NEW", { sign: "", rest: "FROM items i WHERE i.id = NEW.item_id AND i.gone = 0" })
  }
  END`,
  `CREATE TRIGGER call_removed AFTER DELETE ON calls BEGIN
    ${
    addToTotals("OLD", { sign: "-", rest: "FROM items i WHERE i.id = OLD.item_id AND i.gone = 0" })
  }
  END`,
  `CREATE TRIGGER calls_gone AFTER UPDATE OF gone ON items WHEN NEW.gone = 1 AND OLD.gone = 0 BEGIN
    ${addToTotals("c", { sign: "-", rest: JOINED_CALLS })}
  END`,
  `CREATE TRIGGER calls_back AFTER UPDATE OF gone ON items WHEN NEW.gone = 0 AND OLD.gone = 1 BEGIN
    ${addToTotals("c", { sign: "", rest: JOINED_CALLS })}
  END`,
];
