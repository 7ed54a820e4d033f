/**
 * `dotevals providers update`: shows which modules of a plugin have changed, and locks them.
 *
 * @module
 */
import { deleteDownload } from "../providers/lock/download.ts";
import { LOCK_FILE, readLock, writeLock } from "../providers/lock/lock_file.ts";
import { digestOf, moduleChanges } from "../providers/lock/module_hashes.ts";
import { parsePluginSpec } from "../providers/lock/plugin_spec.ts";
import { isNothing, missing } from "../providers/sandbox/grant.ts";
import { plain } from "../report/plain_text.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { decideGrant } from "./providers/decide.ts";
import { grantOptionSpecs } from "./providers/grant_option_specs.ts";
import { lockedAt } from "./providers/locked_at.ts";
import { describeGrant, propose } from "./providers/proposal.ts";

/** The command. */
export const command: Command = {
  name: "providers update",
  summary: "Show what has changed in a provider, and lock what there is now.",
  usage: "URL [options]",
  help: `
--yes takes changed modules, but grants no more than before: new hosts and variables have to
be named, or confirmed on a terminal.

Example:
  dotevals providers update https://acme.test/provider.ts --yes`,
  options: grantOptionSpecs,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const options = { name: "providers update", options: grantOptionSpecs };
  const { values, words } = parseOptions(options, args);
  const [spec = ""] = wordsFor(words, { command: "providers update", names: ["URL"] });
  const { url } = parsePluginSpec(spec);
  const before = await lockedAt(url, io);
  const { modules, name, asks } = await propose(url, { io, locked: before });
  if (digestOf(url, modules) === digestOf(url, before.modules)) {
    io.stderr.write(`${plain(url)} has not changed.\n`);
    return 0;
  }
  io.stderr.write(`${plain(url)} has changed:\n`);
  for (const change of moduleChanges(before.modules, modules)) {
    io.stderr.write(`  ${plain(change)}\n`);
  }
  const more = missing(asks, before.grant);
  if (!isNothing(more)) io.stderr.write(`${describeGrant("now also asks for", more).join("\n")}\n`);
  try {
    const decision = { command: "update", url, asks, before: before.grant, values };
    const grant = decideGrant(decision, io);
    if (grant) {
      const plugins = await readLock(io.cwd);
      await writeLock(io.cwd, new Map([...plugins, [url, { name, grant, modules }]]));
      await deleteDownload(url, { modules: before.modules, cwd: io.cwd });
      io.stderr.write(`Updated in ${LOCK_FILE}; commit that file.\n`);
      return 0;
    }
  } catch (error) {
    await deleteDownload(url, { modules, cwd: io.cwd });
    throw error;
  }
  await deleteDownload(url, { modules, cwd: io.cwd });
  io.stderr.write("Nothing was changed.\n");
  return 2;
}
