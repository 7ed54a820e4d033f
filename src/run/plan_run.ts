/**
 * Plans a run: which variants of which evaluations, what is recorded of them, and whether
 * their definitions are still the same.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import type { NamedEvaluation } from "../plan/discover.ts";
import { codeDigest, fingerprintChanges, fingerprintOf } from "../plan/fingerprint.ts";
import { ItemTable } from "../plan/identity.ts";
import { ModuleGraphs } from "../plan/module_graph.ts";
import { type Variant, variantsOf } from "../plan/variants.ts";
import type { ModelSpec } from "../providers/model_spec.ts";
import type { Fingerprint, StoredEvaluation } from "../storage/stored_evaluation.ts";
import { encode } from "../values/tagged.ts";
import { markRecorded } from "./mark_recorded.ts";
import type { Session } from "./session.ts";
import { VariantRun } from "./variant_run.ts";

/** How the selected evaluations are to be run. */
export interface PlanOptions {
  /** Take the place of the evaluations' own models. */
  readonly models?: readonly ModelSpec[];
  /** Starts anew; what is recorded stays until the new results are complete. */
  readonly fresh?: boolean;
  /** Accepts changed definitions for what is recorded. */
  readonly keep?: boolean;
  /** Module graphs that were read beforehand. */
  readonly graphs?: ModuleGraphs;
}

/** One evaluation, ready to run. */
export interface PlannedEvaluation {
  readonly named: NamedEvaluation;
  readonly variants: readonly VariantRun[];
  readonly table: ItemTable;
  /** Its names in the session's claims. */
  readonly claims: readonly string[];
}

/** One evaluation that cannot run, and why. */
export interface RefusedEvaluation {
  readonly named: NamedEvaluation;
  readonly error: unknown;
}

/** What can run, and what cannot. */
export interface RunPlan {
  readonly planned: readonly PlannedEvaluation[];
  readonly refused: readonly RefusedEvaluation[];
}

interface Draft {
  readonly named: NamedEvaluation;
  readonly variant: Variant;
  readonly fingerprint: Fingerprint;
  readonly found: StoredEvaluation | undefined;
  readonly changes: readonly string[];
}

/**
 * Plans the selected evaluations; makes no call and runs no item.
 *
 * @throws {DotevalsError} `fresh-shard` (exit 2) where a shard is to start anew
 * @throws {DotevalsError} `definition-changed` (exit 2) where results of another definition are
 * recorded and neither `fresh` nor `keep` says what is to become of them; and what the storage
 * throws
 */
export async function planRun(
  session: Session,
  selection: readonly NamedEvaluation[],
  options: PlanOptions,
): Promise<RunPlan> {
  const { graphs = new ModuleGraphs() } = options;
  if (options.fresh && session.shard) throw freshShard();
  const refused: RefusedEvaluation[] = [];
  const tried = await Promise.all(selection.map(async (named) => {
    try {
      return { named, drafts: await draft(session, named, graphs, options) };
    } catch (error) {
      refused.push(refusal(named, error));
      return undefined;
    }
  }));
  const drafted = tried.filter((entry) => entry !== undefined);
  if (!options.fresh && !options.keep) refuseChanged(drafted.flatMap(({ drafts }) => drafts));
  const planned: PlannedEvaluation[] = [];
  for (const { named, drafts } of drafted) {
    try {
      planned.push(await planEvaluation(session, named, drafts, options));
    } catch (error) {
      refused.push(refusal(named, error));
    }
  }
  return { planned, refused };
}

/** What a storage fails with ends the run; all else is the evaluation's own. */
function refusal(named: NamedEvaluation, error: unknown): RefusedEvaluation {
  if (error instanceof DotevalsError && error.exitCode === 3) throw error;
  const known = error instanceof DotevalsError;
  return {
    named,
    error: known ? error : new DotevalsError(messageOf(error), {
      code: "invalid-evaluation",
      cause: error,
    }),
  };
}

async function draft(
  session: Session,
  named: NamedEvaluation,
  graphs: ModuleGraphs,
  options: PlanOptions,
): Promise<readonly Draft[]> {
  const code = await codeDigest(named, graphs);
  const { version } = named.evaluation.options;
  return await Promise.all(
    variantsOf(named.evaluation, options.models).map(async (variant) => {
      if (session.secrets.isIn(variant.encoded)) throw secretParameter();
      const fingerprint = fingerprintOf(code, variant.model, {
        dotevals: session.version,
        evaluation: version,
      });
      const found = await session.writer.find(named.name, variant.encoded);
      const changes = found && recordedOf(found) > 0
        ? fingerprintChanges(found.fingerprint, fingerprint)
        : [];
      return { named, variant, fingerprint, found, changes };
    }),
  );
}

function refuseChanged(drafts: readonly Draft[]): void {
  const changed = drafts.filter(({ changes }) => changes.length > 0);
  if (changed.length > 0) throw definitionChanged(changed);
}

function definitionChanged(
  changed: readonly Pick<Draft, "named" | "variant" | "changes">[],
): DotevalsError {
  const lines = changed.map(({ named, variant, changes }) =>
    `"${labelOf(named.name, variant)}" has changed since its results were recorded: ${
      changes.join("; ")
    }.`
  );
  return new DotevalsError(lines.join("\n"), {
    code: "definition-changed",
    hint: "Nothing was run. --keep goes on with the results that are there; --fresh starts anew " +
      "(the old results stay until the new ones are complete); or use another --experiment.",
  });
}

/** Parameters identify results, and are shown wherever these are. */
function secretParameter(): DotevalsError {
  return new DotevalsError("One of its parameters holds a secret, which must not be stored.", {
    code: "secret-parameter",
    hint: "Read the key where it is used (Deno.env.get), and let the parameter name its variable.",
  });
}

/** Each shard would begin results of its own. */
function freshShard(): DotevalsError {
  return new DotevalsError("A shard cannot start anew by itself.", {
    code: "fresh-shard",
    hint: "Leave out --fresh and name another --experiment for all shards; or begin the new " +
      "results with a run that is no shard (--fresh --samples 1), and go on with shards.",
  });
}

async function planEvaluation(
  session: Session,
  named: NamedEvaluation,
  drafts: readonly Draft[],
  { fresh = false, keep = false }: PlanOptions,
): Promise<PlannedEvaluation> {
  const expected = drafts.reduce((sum, { found }) => sum + recordedOf(found), 0);
  const table = new ItemTable(session.shard ? expected / session.shard.count : expected);
  const variants: VariantRun[] = [];
  const { metadata, tags = [] } = named.evaluation.options;
  const { secrets } = session;
  const encodedMetadata = metadata === undefined
    ? undefined
    : secrets.mask(encode(metadata, "metadata"));
  const claims = claim(session, named, drafts);
  for (const [index, { variant, fingerprint }] of drafts.entries()) {
    const stored = await session.writer.evaluation({
      name: named.name,
      variant: variant.encoded,
      fingerprint,
      metadata: encodedMetadata,
      tags: tags.map((tag) => secrets.mask(tag)),
    }, { fresh });
    const changes = fingerprintChanges(stored.fingerprint, fingerprint);
    if (changes.length > 0) {
      // Another shard's session may have begun it meanwhile.
      if (!keep) throw definitionChanged([{ named, variant, changes }]);
      await session.writer.keep(stored.id, fingerprint);
    }
    const recorded = recordedOf(stored) > 0;
    const counts = { completed: 0, errors: 0 };
    if (recorded) {
      const into = { table, variant: index, shard: session.shard };
      for await (const page of session.writer.recorded(stored.id)) {
        const { completed, errors } = markRecorded(page, into);
        counts.completed += completed;
        counts.errors += errors;
      }
    }
    const ref = {
      name: named.name,
      variant: variant.bindings,
      label: labelOf(named.name, variant),
    };
    // Rows that are recorded can be passed over before the sums are there.
    const sums = recorded ? session.storage.aggregates(stored.id) : undefined;
    variants.push(new VariantRun(ref, { variant, stored, counts, sums }));
  }
  return { named, variants, table, claims };
}

/** How many items an evaluation holds, those whose rows are gone as well. */
function recordedOf(stored: StoredEvaluation | undefined): number {
  return stored === undefined ? 0 : stored.completed + stored.gone;
}

/** Claims an evaluation's variants for this run: in a shared session another one may have them. */
function claim(
  session: Session,
  { name }: NamedEvaluation,
  drafts: readonly Draft[],
): readonly string[] {
  const claims = drafts.map(({ variant }) => `${variant.encoded} ${name}`);
  if (claims.some((own) => session.claims.has(own))) {
    throw new DotevalsError(
      `"${name}" is running in this process already, on experiment "${session.experiment}".`,
      {
        code: "evaluation-running",
        hint: "Wait for that run's end, or name another experiment.",
      },
    );
  }
  for (const own of claims) session.claims.add(own);
  return claims;
}

/** Name and variant in one line, for people. */
function labelOf(name: string, { bindings }: Variant): string {
  const parts = Object.entries(bindings).map(([parameter, value]) =>
    `${parameter}=${typeof value === "string" ? value : encode(value)}`
  );
  return parts.length === 0 ? name : `${name} [${parts.join(", ")}]`;
}
