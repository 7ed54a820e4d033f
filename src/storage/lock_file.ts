/**
 * A lock that the operating system frees when its holder dies.
 *
 * @module
 */

/** A lock that is held until it is disposed. */
export type HeldLock = AsyncDisposable;

/**
 * Takes the lock of a file, made where it does not exist; `undefined` when another holds it.
 *
 * `contents` goes into the file for whoever looks at it.
 */
export async function tryLockFile(path: string, contents: string): Promise<HeldLock | undefined> {
  while (true) {
    const file = await Deno.open(path, { create: true, read: true, write: true });
    try {
      if (!await file.tryLock(true)) {
        file.close();
        return undefined;
      }
      if (await isStillAt(path, file)) {
        await file.truncate();
        await file.write(new TextEncoder().encode(contents));
        return { [Symbol.asyncDispose]: () => release(path, file) };
      }
    } catch (error) {
      file.close();
      throw error;
    }
    // Its last holder removed the file between opening and locking.
    file.close();
  }
}

async function isStillAt(path: string, file: Deno.FsFile): Promise<boolean> {
  const held = await file.stat();
  try {
    return (await Deno.stat(path)).ino === held.ino;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Removes the file while it is still locked: whoever waits with it open sees it gone. */
async function release(path: string, file: Deno.FsFile): Promise<void> {
  try {
    await Deno.remove(path);
  } catch {
    // Some systems do not remove open files; an unlocked file is as good as none.
  } finally {
    file.close();
  }
}
