/**
 * `dotevals storage copy`: copies experiments from one storage to another.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { counted } from "../report/numbers.ts";
import { plain } from "../report/plain_text.ts";
import { sessionHolder } from "../run/holder.ts";
import { copyExperiment } from "../storage/copy.ts";
import { noExperiment } from "../storage/experiment_summary.ts";
import type { LibsqlStorage } from "../storage/libsql_storage.ts";
import { openLibsql } from "../storage/open_libsql.ts";
import type { Command, CommandIo } from "./command.ts";
import { copyProgress } from "./copy_progress.ts";
import { copyTokens } from "./copy_tokens.ts";
import { parseOptions, wordsFor } from "./options.ts";

const options = {
  experiment: {
    type: "texts",
    value: "NAME",
    summary: "copy this experiment only; may be given several times",
  },
  "from-token-variable": {
    type: "text",
    value: "VARIABLE",
    summary: "the environment variable with the access token of FROM; DOTEVALS_AUTH_TOKEN",
  },
  "to-token-variable": {
    type: "text",
    value: "VARIABLE",
    summary: "the environment variable with the access token of TO; DOTEVALS_AUTH_TOKEN",
  },
} as const;

/** The command. */
export const command: Command = {
  name: "storage copy",
  summary: "Copy experiments from one storage to another, and verify the copies.",
  usage: "FROM TO [options]",
  help: `
Copies all experiments, or those that are named, with all their results. Copying again goes on where
it stopped, and adds what is new. An experiment with other results in TO stays as it is.

Example:
  dotevals storage copy .dotevals/dotevals.db libsql://evals-example.turso.io --experiment first`,
  options,
  run,
};

/** What goes wrong with one experiment does not keep others from being copied. */
const OF_ONE = ["experiment-locked", "copy-differs", "copy-changed"];

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "storage copy", options }, args);
  const [from = "", to = ""] = wordsFor(words, { command: "storage copy", names: ["FROM", "TO"] });
  const tokens = copyTokens({ from, to }, {
    env: io.env,
    fromVariable: values["from-token-variable"],
    toVariable: values["to-token-variable"],
  });
  const { clock } = io;
  await using source = await openLibsql(from, { create: false, clock, authToken: tokens.from });
  const names = await namesOf(source, values.experiment);
  await using target = await openLibsql(to, { create: true, clock, authToken: tokens.to });
  let failed = 0;
  for (const name of names) {
    try {
      await copy(name, { source, target, io });
    } catch (error) {
      if (!(error instanceof DotevalsError) || !OF_ONE.includes(error.code)) throw error;
      failed++;
      io.stderr.write(`error: ${plain(error.message)}\n${plain(error.hint ?? "")}\n`);
    }
  }
  const done = names.length - failed;
  const of = failed === 0 ? "" : ` of ${names.length}`;
  io.stderr.write(
    `Copied ${counted(done, "experiment")}${of} from ${plain(source.location)} to ` +
      `${plain(target.location)}.\n`,
  );
  return failed === 0 ? 0 : 3;
}

/** The experiments to copy, those that changed first before others; all of them exist. */
async function namesOf(
  source: LibsqlStorage,
  wanted: readonly string[],
): Promise<readonly string[]> {
  const names = (await source.experiments()).map(({ name }) => name).reverse();
  for (const name of wanted) if (!names.includes(name)) throw noExperiment(name, names);
  return wanted.length === 0 ? names : [...new Set(wanted)];
}

interface CopyOptions {
  readonly source: LibsqlStorage;
  readonly target: LibsqlStorage;
  readonly io: CommandIo;
}

async function copy(experiment: string, { source, target, io }: CopyOptions): Promise<void> {
  const progress = copyProgress(experiment, io);
  try {
    const outcome = await copyExperiment(source, target, {
      experiment,
      holder: sessionHolder(),
      onProgress: progress.show,
    });
    progress.end();
    const { evaluations, results, present, checksum } = outcome;
    const before = present === 0 ? "" : ` (${present.toLocaleString("en")} were there)`;
    io.stdout.write(
      `${plain(experiment)}: ${counted(evaluations, "evaluation")}, ` +
        `${counted(results, "result")}${before}, verified, checksum ${checksum.slice(0, 16)}\n`,
    );
  } catch (error) {
    progress.end();
    throw error;
  }
}
