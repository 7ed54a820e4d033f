/**
 * `run()`: runs evaluations from scripts and notebooks.
 *
 * @module
 */
import { systemClock } from "../clock.ts";
import { DotevalsError, messageOf } from "../errors.ts";
import { type BudgetOptions, checkBudget } from "../evaluation/budget_options.ts";
import { type Evaluation, isEvaluation } from "../evaluation/evaluation.ts";
import type { NamedEvaluation } from "../plan/discover.ts";
import { nameOf } from "../plan/naming.ts";
import { readShard } from "../plan/shard.ts";
import { type ModelSpec, modelSpecs } from "../providers/model_spec.ts";
import { setUpModel } from "../providers/set_up.ts";
import { Secrets } from "../secrets.ts";
import { DEFAULT_LOCATION, secretsIn } from "../storage/location.ts";
import { openStorage } from "../storage/open.ts";
import type { Shard, Storage } from "../storage/storage.ts";
import { type Concurrency, isStrategy } from "./concurrency.ts";
import type { RunListener } from "./events.ts";
import { readGit } from "./git.ts";
import type { EvaluationOutcome } from "./finish.ts";
import { experimentName, sessionHolder } from "./holder.ts";
import { Results } from "./results.ts";
import { RunControl } from "./run_control.ts";
import { runEvaluations } from "./run_evaluations.ts";
import { shareSession } from "./shared_session.ts";

/** Options of {@linkcode run}. */
export interface RunOptions {
  /** The model or models to run with, in place of the evaluations' own; each is a variant. */
  readonly model?: string | ModelSpec | readonly (string | ModelSpec)[];
  /** The experiment that results are added to; without it a name is made from date and time. */
  readonly experiment?: string;
  /** Only each dataset's first so many rows, with every variant and repeat. */
  readonly samples?: number;
  /**
   * Only the items of this shard: `"2/4"` for the second of four. Several processes, on several
   * machines too, then run the shards of one experiment at the same time. `total` and `metrics` of
   * the results are of all that is recorded.
   *
   * @default {all items}
   */
  readonly shard?: string;
  /**
   * How much is under way at once: exactly so many items and calls, `"auto"` for as many calls at
   * each model's endpoint as throughput grows with, or a strategy: `sequential()`,
   * `slidingWindow({ … })`, `adaptive({ … })`, one of your own.
   *
   * @default {"auto"}
   */
  readonly concurrency?: Concurrency;
  /** What this run may take; without it there is no limit. */
  readonly budget?: BudgetOptions;
  /**
   * Starts anew; what is recorded stays until the new results are complete.
   *
   * @default {false}
   */
  readonly fresh?: boolean;
  /**
   * Goes on although an evaluation differs from the one whose results are recorded.
   *
   * @default {false}
   */
  readonly keep?: boolean;
  /**
   * Where results are recorded: a location, or an open storage, which stays open.
   *
   * @default {DOTEVALS_STORAGE, else "file:.dotevals/dotevals.db"}
   */
  readonly storage?: string | Storage;
  /**
   * Stops this run when aborted, as Ctrl-C does the command: what is recorded stays, and others
   * that share the session go on.
   */
  readonly signal?: AbortSignal;
  /**
   * Milliseconds that items under way get to come to their end when the run is stopped.
   *
   * @default {10000}
   */
  readonly grace?: number;
  /** Told of all that happens. */
  readonly onEvent?: RunListener;
}

/**
 * Runs one or more evaluations and records their results.
 *
 * Running the same experiment again skips what is recorded and runs again what failed. Several
 * calls at once on one experiment share its session. No signal handlers are installed.
 *
 * @throws {DotevalsError} `definition-changed` where an evaluation differs from the one whose
 * results are recorded; `experiment-locked` where another process holds the experiment or the
 * shard, `unequal-shards` where it is divided in another way; and when results cannot be recorded
 * @throws what the evaluation failed with (its dataset, model or fixture) where no other one ran
 *
 * @example
 * ```ts
 * import { exactMatch, foreach, run } from "@dotevals/core";
 * import { assertEquals } from "@std/assert";
 *
 * const doubled = foreach("text,expected", [["ab", "abab"]], ({ text, expected }) =>
 *   exactMatch(text + text, expected));
 *
 * await using results = await run(doubled, { storage: "memory:" });
 * assertEquals(results.summary().metrics, { exactMatch: { accuracy: 1 } });
 * ```
 */
export async function run(
  evaluations: Evaluation | readonly Evaluation[],
  options: RunOptions = {},
): Promise<Results> {
  checkRunOptions(options);
  const shard = shardOf(options);
  const selection = await named(evaluations);
  const experiment = options.experiment ?? experimentName(new Date(systemClock.now()));
  const storage = options.storage ?? (readEnv("DOTEVALS_STORAGE") || DEFAULT_LOCATION);
  const secrets = Secrets.of(readGranted);
  for (const secret of typeof storage === "string" ? secretsIn(storage) : []) secrets.add(secret);
  await using shared = await shareSession(storage, experiment, {
    open: () => typeof storage === "string" ? openStorage(storage, storageOptions()) : storage,
    holder: sessionHolder(),
    shard,
    clock: systemClock,
    random: Math.random,
    git: readGit(Deno.cwd()),
    onEvent: options.onEvent ?? (() => {}),
    secrets,
    setUpModel: (spec, surroundings) =>
      setUpModel(spec, {
        ...surroundings,
        env: readEnv,
        onSecret: (secret) => secrets.add(secret),
      }),
  });
  const { session } = shared;
  const control = new RunControl(systemClock);
  const stop = () => control.stop(options.grace ?? 10_000);
  options.signal?.addEventListener("abort", stop);
  if (options.signal?.aborted) stop();
  try {
    const outcomes = await runEvaluations(session, selection, {
      ...options,
      control,
      models: modelSpecs(options.model),
    });
    throwIfNothingRan(outcomes);
    return new Results(experiment, outcomes, async () => {
      if (typeof storage !== "string" || storage === "memory:") {
        return { storage: session.storage, close: () => Promise.resolve() };
      }
      const reopened = await openStorage(storage, { ...storageOptions(), mode: "read" });
      return { storage: reopened, close: () => reopened[Symbol.asyncDispose]() };
    });
  } finally {
    options.signal?.removeEventListener("abort", stop);
  }
}

/** A dataset that is not there must not look like one without rows. */
function throwIfNothingRan(outcomes: readonly EvaluationOutcome[]): void {
  const [first] = outcomes;
  if (first && outcomes.every(({ end }) => end === "failed")) throw first.failure;
}

/** Code without types, and casts, can give anything. */
function checkRunOptions(options: RunOptions): void {
  const { samples, concurrency, budget, grace, experiment } = options;
  try {
    if (budget !== undefined) checkBudget(budget);
  } catch (error) {
    throw wrongOption(messageOf(error));
  }
  const counts: readonly (readonly [string, unknown])[] = [
    ["samples", samples],
    ["concurrency", concurrency === "auto" || isStrategy(concurrency) ? undefined : concurrency],
  ];
  for (const [name, value] of counts) {
    if (value !== undefined && !(Number.isSafeInteger(value) && Number(value) >= 1)) {
      throw wrongOption(`"${name}" is ${String(value)}; it must be a whole number from 1.`);
    }
  }
  if (grace !== undefined && !(grace >= 0)) {
    throw wrongOption(`"grace" is ${grace}; it must be milliseconds, 0 or more.`);
  }
  if (experiment !== undefined && (typeof experiment !== "string" || experiment === "")) {
    throw wrongOption(`"experiment" is ${JSON.stringify(experiment)}; it must be a name.`);
  }
}

function shardOf({ shard }: RunOptions): Shard | undefined {
  if (shard === undefined) return undefined;
  if (typeof shard === "string") {
    const read = readShard(shard);
    if (read) return read.count === 1 ? undefined : read;
  }
  throw wrongOption(
    `"shard" is ${JSON.stringify(shard)}; it must be like "2/4", the second of four.`,
  );
}

function wrongOption(text: string): DotevalsError {
  return new DotevalsError(`run(): ${text}`, { code: "invalid-option" });
}

async function named(given: unknown): Promise<readonly NamedEvaluation[]> {
  const selection: NamedEvaluation[] = [];
  for (const evaluation of Array.isArray(given) ? given : [given]) {
    if (!isEvaluation(evaluation)) {
      throw wrongOption("it takes what foreach() or batch() returns, or a list of these.");
    }
    const name = await nameOf(evaluation, (url) => Deno.readTextFile(url));
    if (selection.some((other) => other.name === name)) {
      throw new DotevalsError(`Two evaluations are named "${name}".`, {
        code: "same-name",
        hint: 'Give each a name of its own: foreach(…, { name: "…" }, …).',
      });
    }
    selection.push({ evaluation, name, file: undefined });
  }
  return selection;
}

function storageOptions() {
  const authToken = readEnv("DOTEVALS_AUTH_TOKEN") ?? readEnv("TURSO_AUTH_TOKEN");
  return { mode: "write" as const, ...authToken !== undefined && { authToken } };
}

/** A script may run without the permission to read a variable: it then is not set. */
function readEnv(name: string): string | undefined {
  try {
    return Deno.env.get(name);
  } catch {
    return undefined;
  }
}

/** Asks nobody for a permission. */
function readGranted(name: string): string | undefined {
  const { state } = Deno.permissions.querySync({ name: "env", variable: name });
  return state === "granted" ? Deno.env.get(name) : undefined;
}
