/**
 * `run()`: runs evaluations from scripts and notebooks.
 *
 * @module
 */
import { systemClock } from "../clock.ts";
import { DotevalsError } from "../errors.ts";
import { type Evaluation, isEvaluation } from "../evaluation/evaluation.ts";
import type { NamedEvaluation } from "../plan/discover.ts";
import { nameOf } from "../plan/naming.ts";
import { isModelSpec, model as modelSpec, type ModelSpec } from "../providers/model_spec.ts";
import { setUpModel } from "../providers/set_up.ts";
import { openStorage } from "../storage/open.ts";
import type { Storage } from "../storage/storage.ts";
import type { RunListener } from "./events.ts";
import { readGit } from "./git.ts";
import type { EvaluationOutcome } from "./finish.ts";
import { experimentName, sessionHolder } from "./holder.ts";
import { Results } from "./results.ts";
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
   * Items at once over all evaluations: exactly so many, or as many as throughput grows with.
   *
   * @default {"auto"}
   */
  readonly concurrency?: number | "auto";
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
   * @default {"file:.dotevals/dotevals.db"}
   */
  readonly storage?: string | Storage;
  /** Stops the run when aborted, as Ctrl-C does the command: what is recorded stays. */
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

/** Where results go unless something else is said. */
export const DEFAULT_STORAGE = "file:.dotevals/dotevals.db";

/**
 * Runs one or more evaluations and records their results.
 *
 * Running the same experiment again skips what is recorded and runs again what failed. Several
 * calls at once on one experiment share its session. No signal handlers are installed.
 *
 * @throws {DotevalsError} `definition-changed` where an evaluation differs from the one whose
 * results are recorded; `experiment-locked` where another process holds the experiment; and when
 * results cannot be recorded
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
  const selection = await named(isEvaluation(evaluations) ? [evaluations] : evaluations);
  const experiment = options.experiment ?? experimentName(new Date(systemClock.now()));
  const { storage = DEFAULT_STORAGE } = options;
  await using shared = await shareSession(storage, experiment, {
    open: () => typeof storage === "string" ? openStorage(storage, storageOptions()) : storage,
    holder: sessionHolder(),
    clock: systemClock,
    random: Math.random,
    git: readGit(Deno.cwd()),
    onEvent: options.onEvent ?? (() => {}),
    setUpModel: (spec, surroundings) => setUpModel(spec, { ...surroundings, env: readEnv }),
  });
  const { session } = shared;
  const stop = () => session.stop(options.grace ?? 10_000);
  options.signal?.addEventListener("abort", stop);
  if (options.signal?.aborted) stop();
  try {
    const outcomes = await runEvaluations(session, selection, {
      ...options,
      models: modelsOf(options.model),
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

async function named(evaluations: readonly Evaluation[]): Promise<readonly NamedEvaluation[]> {
  const selection: NamedEvaluation[] = [];
  for (const evaluation of evaluations) {
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

function modelsOf(models: RunOptions["model"]): readonly ModelSpec[] {
  if (models === undefined) return [];
  const list: readonly (string | ModelSpec)[] = typeof models === "string" || isModelSpec(models)
    ? [models]
    : models;
  return list.map((entry) => typeof entry === "string" ? modelSpec(entry) : entry);
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
