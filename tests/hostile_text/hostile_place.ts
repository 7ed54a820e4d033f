/**
 * Runs the real commands on the hostile experiment.
 *
 * @module
 */
import { systemClock } from "../../src/clock.ts";
import { loadCommand } from "../../src/cli/help.ts";
import { type FakeIo, fakeIo, type FakeIoOptions } from "../../src/cli/testing/fake_io.ts";
import { openStorage } from "../../src/storage/open.ts";
import { fillHostile } from "./hostile_experiment.ts";

/** A folder with a storage that holds the experiment. */
export interface HostilePlace extends AsyncDisposable {
  readonly folder: string;
  /** Runs a command on the storage; `columns` for a terminal. */
  dotevals(args: readonly string[], options?: FakeIoOptions): Promise<FakeIo>;
}

/** Makes the folder, gone when disposed of. */
export async function hostilePlace(): Promise<HostilePlace> {
  const folder = await Deno.makeTempDir({ prefix: "dotevals" });
  const location = `file:${folder}/hostile.db`;
  await using storage = await openStorage(location, { mode: "write", clock: systemClock });
  await fillHostile(storage);
  return {
    folder,
    async dotevals([name = "", ...args], options = {}) {
      const io = { ...fakeIo(options), cwd: folder, clock: systemClock };
      const command = await loadCommand(name);
      await command.run([...args, "--storage", location], io);
      return io;
    },
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
