/**
 * A plugin on its way into the lock.
 *
 * @module
 */
import { deleteDownload } from "../../providers/lock/download.ts";
import { LOCK_FILE, readLock, writeLock } from "../../providers/lock/lock_file.ts";
import { digestOf } from "../../providers/lock/module_hashes.ts";
import { plain } from "../../report/plain_text.ts";
import type { CommandIo } from "../command.ts";
import { decideGrant, type GrantValues } from "./decide.ts";
import { describeProposal, propose } from "./proposal.ts";

/** Adds a plugin to the lock; says whether its user wanted it. */
export async function addPlugin(
  url: string,
  { values, io }: { readonly values: GrantValues; readonly io: CommandIo },
): Promise<boolean> {
  const before = (await readLock(io.cwd)).get(url);
  const proposal = await propose(url, { io, locked: before });
  const { name, asks, modules } = proposal;
  io.stderr.write(`${describeProposal(proposal).join("\n")}\n`);
  const isSame = before !== undefined && digestOf(url, before.modules) === digestOf(url, modules);
  const discard = () => isSame ? undefined : deleteDownload(url, { modules, cwd: io.cwd });
  try {
    const grant = decideGrant({ command: "add", url, asks, values }, io);
    if (grant === undefined) {
      await discard();
      io.stderr.write("Nothing was granted.\n");
      return false;
    }
    // What others locked while somebody thought about it stays.
    await writeLock(
      io.cwd,
      new Map([...await readLock(io.cwd), [url, { name, grant, modules }]]),
    );
    if (before && !isSame) await deleteDownload(url, { modules: before.modules, cwd: io.cwd });
    io.stderr.write(`Granted. ${plain(name)} is in ${LOCK_FILE}; commit that file.\n`);
    return true;
  } catch (error) {
    await discard();
    throw error;
  }
}
