import { publish } from "./deno_command.ts";
import { readPackage } from "./package.ts";
import { type Registry, startRegistry } from "./registry.ts";

const ROOT = new URL("../../", import.meta.url);

/** A registry with both packages, published as they are in the checkout, and what they import. */
export async function registryWithBoth(): Promise<Registry> {
  const registry = startRegistry();
  const std = new URL("packages/std/", ROOT);
  for await (const { name, isDirectory } of Deno.readDir(std)) {
    if (isDirectory) registry.add(await readPackage(new URL(`${name}/`, std)));
  }
  await publish(ROOT, registry.url);
  await publish(new URL("packages/cli/", ROOT), registry.url);
  return registry;
}
