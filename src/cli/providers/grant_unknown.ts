/**
 * What `run` does about plugins that nobody granted anything: on a terminal, it asks.
 *
 * @module
 */
import { isPluginSpec, parsePluginSpec } from "../../providers/lock/plugin_spec.ts";
import type { ModelSpec } from "../../providers/model_spec.ts";
import type { CommandIo } from "../command.ts";

/** Not literals: what is there for plugins would be loaded at the start of every run. */
const LOCK_FILE = "../../providers/lock/lock_file.ts";
const ADD_PLUGIN = "./add_plugin.ts";

/** Shows each plugin that is not locked, and asks. Without a terminal, loading it will say what to do. */
export async function grantUnknown(models: readonly ModelSpec[], io: CommandIo): Promise<void> {
  if (!io.confirm) return;
  const named = models.filter(({ spec }) => isPluginSpec(spec));
  const urls = new Set(named.map(({ spec }) => parsePluginSpec(spec).url));
  if (urls.size === 0) return;
  const { readLock }: typeof import("../../providers/lock/lock_file.ts") = await import(LOCK_FILE);
  const { addPlugin }: typeof import("./add_plugin.ts") = await import(ADD_PLUGIN);
  const locked = await readLock(io.cwd);
  const values = { "allow-net": [], "allow-env": [], yes: false, help: false, debug: false };
  for (const url of urls) if (!locked.has(url)) await addPlugin(url, { values, io });
}
