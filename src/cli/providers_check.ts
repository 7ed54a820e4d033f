/**
 * `dotevals providers check`: whether what is locked is what there is.
 *
 * @module
 */
import { DotevalsError, messageOf } from "../errors.ts";
import { deleteDownload } from "../providers/lock/download.ts";
import { LOCK_FILE, type LockedPlugin, readLock } from "../providers/lock/lock_file.ts";
import { digestOf, moduleChanges } from "../providers/lock/module_hashes.ts";
import { isNothing, missing } from "../providers/sandbox/grant.ts";
import { plain } from "../report/plain_text.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { describeGrant, propose } from "./providers/proposal.ts";

/** Errors that say nothing of what the origin has. */
const AWAY: readonly string[] = ["provider-not-downloaded", "left-open"];

/** The command. */
export const command: Command = {
  name: "providers check",
  summary: "Look whether providers are still what was locked.",
  usage: "",
  help: `
Exits with 1 where the lock is stale: the origin has other modules now, or they ask for more
than was granted; and where an origin could not be asked.

Example:
  dotevals providers check`,
  options: {},
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { words } = parseOptions({ name: "providers check", options: {} }, args);
  wordsFor(words, { command: "providers check", names: [] });
  const plugins = await readLock(io.cwd);
  if (plugins.size === 0) io.stderr.write(`There are no providers in ${LOCK_FILE}.\n`);
  let status = 0;
  for (const [url, locked] of plugins) {
    const { verdict, problems } = await look(url, { locked, io });
    if (problems.length > 0) status = 1;
    io.stdout.write(`${plain(url)}: ${verdict}\n${problems.map((line) => `${line}\n`).join("")}`);
  }
  return status;
}

/** What came of looking at a plugin's origin. */
interface Looked {
  readonly verdict: "as locked" | "stale" | "not checked";
  /** How it differs from what is locked, or why that is not known, in lines. */
  readonly problems: readonly string[];
}

async function look(
  url: string,
  { locked, io }: { readonly locked: LockedPlugin; readonly io: CommandIo },
): Promise<Looked> {
  try {
    const problems = await problemsOf(url, { locked, io });
    return { verdict: problems.length > 0 ? "stale" : "as locked", problems };
  } catch (error) {
    const isAway = error instanceof DotevalsError && AWAY.includes(error.code);
    return {
      verdict: isAway ? "not checked" : "stale",
      problems: [`  ${plain(messageOf(error))}`],
    };
  }
}

/** How a plugin differs from what is locked, in lines; none where it does not. */
async function problemsOf(
  url: string,
  { locked, io }: { readonly locked: LockedPlugin; readonly io: CommandIo },
): Promise<readonly string[]> {
  const { modules, asks } = await propose(url, { io, locked });
  const more = missing(asks, locked.grant);
  const lines = isNothing(more) ? [] : describeGrant("asks also for", more);
  if (digestOf(url, modules) === digestOf(url, locked.modules)) return lines;
  await deleteDownload(url, { modules, cwd: io.cwd });
  const changes = moduleChanges(locked.modules, modules).map((change) => `  ${plain(change)}`);
  return [...changes, ...lines];
}
