/**
 * `dotevals providers add`: shows what a plugin asks for, and grants it.
 *
 * @module
 */
import { parsePluginSpec } from "../providers/lock/plugin_spec.ts";
import type { Command, CommandIo } from "./command.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { addPlugin } from "./providers/add_plugin.ts";
import { grantOptionSpecs } from "./providers/grant_option_specs.ts";

/** The command. */
export const command: Command = {
  name: "providers add",
  summary: "Show what a provider at a URL asks for, and grant it.",
  usage: "URL [options]",
  help: `
Downloads the provider without running it, reads what it asks for where it can do nothing,
and asks. What is granted, and the hash of every module, goes into dotevals.lock.json, which
belongs into version control.

Example:
  dotevals providers add https://acme.test/provider.ts --allow-net=api.acme.test`,
  options: grantOptionSpecs,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions(
    { name: "providers add", options: grantOptionSpecs },
    args,
  );
  const [spec = ""] = wordsFor(words, { command: "providers add", names: ["URL"] });
  return await addPlugin(parsePluginSpec(spec).url, { values, io }) ? 0 : 2;
}
