/**
 * A real file system that can be full or read-only.
 *
 * @module
 */

/** A file system of its own in memory, gone when disposed. */
export interface SmallDisk extends AsyncDisposable {
  /** Where it is mounted. */
  readonly path: string;
  /** Gives it another size. */
  resize(kilobytes: number): Promise<void>;
  /** Refuses all writing from now on. */
  makeReadOnly(): Promise<void>;
}

/** Why no file system can be mounted here; `undefined` where one can. */
export const smallDiskMissing: string | undefined = await whyNot();

/** Mounts a file system of so many kilobytes. */
export async function smallDisk(kilobytes: number): Promise<SmallDisk> {
  const path = await Deno.makeTempDir({ prefix: "dotevals" });
  const failure = await mount("-t", "tmpfs", "-o", `size=${kilobytes}k`, "none", path);
  if (failure !== undefined) throw new Error(failure);
  async function remount(option: string): Promise<void> {
    const failure = await mount("-o", `remount,${option}`, path);
    if (failure !== undefined) throw new Error(failure);
  }
  return {
    path,
    resize: (kilobytes) => remount(`size=${kilobytes}k`),
    makeReadOnly: () => remount("ro"),
    async [Symbol.asyncDispose]() {
      await output("umount", [path]);
      await Deno.remove(path);
    },
  };
}

async function whyNot(): Promise<string | undefined> {
  if (Deno.build.os !== "linux") return `no tmpfs on ${Deno.build.os}`;
  try {
    await using _disk = await smallDisk(64);
    return undefined;
  } catch (error) {
    return `tmpfs cannot be mounted here: ${error}`;
  }
}

/** Says why it failed. */
async function mount(...args: readonly string[]): Promise<string | undefined> {
  return await output("mount", args);
}

async function output(command: string, args: readonly string[]): Promise<string | undefined> {
  const { success, stderr } = await new Deno.Command(command, { args: [...args] }).output();
  return success ? undefined : new TextDecoder().decode(stderr).trim();
}
