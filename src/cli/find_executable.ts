/**
 * Where an executable is.
 *
 * @module
 */
import { delimiter } from "node:path";
import { join } from "@std/path/join";

/** Options of {@linkcode findExecutable}. */
export interface FindExecutableOptions {
  /** An environment variable. */
  readonly env: (name: string) => string | undefined;
}

/** The file that the PATH leads to; `undefined` where there is none. */
export async function findExecutable(
  name: string,
  { env }: FindExecutableOptions,
): Promise<string | undefined> {
  const isWindows = Deno.build.os === "windows";
  const endings = isWindows ? (env("PATHEXT") ?? ".EXE").split(delimiter) : [""];
  for (const folder of (env("PATH") ?? "").split(delimiter)) {
    if (folder === "") continue;
    for (const ending of endings) {
      const path = join(folder, name + ending);
      const { isFile = false, mode = null } = await Deno.stat(path).catch(() => undefined) ?? {};
      if (isFile && (isWindows || ((mode ?? 0) & 0o111) !== 0)) return path;
    }
  }
  return undefined;
}
