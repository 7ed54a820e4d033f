/**
 * `dotevals providers remove`: takes a plugin's grant back.
 *
 * @module
 */
import { deleteDownload } from "../providers/lock/download.ts";
import { LOCK_FILE, readLock, writeLock } from "../providers/lock/lock_file.ts";
import { parsePluginSpec } from "../providers/lock/plugin_spec.ts";
import { plain } from "../report/plain_text.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { lockedAt } from "./providers/locked_at.ts";

/** The command. */
export const command: Command = {
  name: "providers remove",
  summary: "Take back what a provider was granted.",
  usage: "URL",
  help: `
Example:
  dotevals providers remove https://acme.test/provider.ts`,
  options: {},
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { words } = parseOptions({ name: "providers remove", options: {} }, args);
  const [spec = ""] = wordsFor(words, { command: "providers remove", names: ["URL"] });
  const { url } = parsePluginSpec(spec);
  const { modules } = await lockedAt(url, io);
  const plugins = new Map(await readLock(io.cwd));
  plugins.delete(url);
  await writeLock(io.cwd, plugins);
  await deleteDownload(url, { modules, cwd: io.cwd });
  io.stderr.write(`Removed ${plain(url)} from ${LOCK_FILE}.\n`);
  return 0;
}
