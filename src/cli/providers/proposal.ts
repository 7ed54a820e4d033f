/**
 * A plugin as it is at its origin now, and what its user is shown of it.
 *
 * @module
 */
import { deleteDownload, downloadNew } from "../../providers/lock/download.ts";
import type { LockedPlugin } from "../../providers/lock/lock_file.ts";
import {
  digestOf,
  hashesByModule,
  hostOf,
  type ModuleHashes,
} from "../../providers/lock/module_hashes.ts";
import type { Exported } from "../../providers/sandbox/exported.ts";
import type { SandboxSource } from "../../providers/sandbox/flags.ts";
import { type Grant, isNothing } from "../../providers/sandbox/grant.ts";
import { readAsks } from "../../providers/sandbox/read_asks.ts";
import { counted } from "../../report/numbers.ts";
import { plain } from "../../report/plain_text.ts";
import type { CommandIo } from "../command.ts";

/** A plugin that could be locked. */
export interface Proposal extends Exported {
  readonly url: string;
  readonly modules: ModuleHashes;
}

/** Downloads what is at `url` now and reads what it asks for, where it can do nothing. */
export async function propose(
  url: string,
  { io, locked }: { readonly io: CommandIo; readonly locked: LockedPlugin | undefined },
): Promise<Proposal> {
  const { cwd, env, program, clock } = io;
  const { modules, source } = await downloadNew(url, { cwd, env, program, clock });
  try {
    return { url, modules, ...await asksOf(source, io) };
  } catch (error) {
    // What is of no use does not stay, unless it is what runs already.
    const isLocked = locked && digestOf(url, locked.modules) === digestOf(url, modules);
    if (!isLocked) await deleteDownload(url, { modules, cwd });
    throw error;
  }
}

/** What a plugin's modules ask for. */
async function asksOf(source: SandboxSource, io: CommandIo): Promise<Exported> {
  return await readAsks(source, {
    clock: io.clock,
    env: io.env,
    log() {},
    signal: new AbortController().signal,
  });
}

/** The lines that show a plugin to who decides. */
export function describeProposal({ name, url, modules, asks }: Proposal): readonly string[] {
  return [
    `Provider ${plain(name)} at ${plain(url)}`,
    `  made of ${originsOf(modules)}`,
    ...describeGrant("asks for", asks),
  ];
}

/** The lines that show a grant. */
export function describeGrant(verb: string, grant: Grant): readonly string[] {
  if (isNothing(grant)) return [`  ${verb} nothing`];
  return [
    ...grant.net.length > 0 ? [`  ${verb} the hosts ${grant.net.join(", ")}`] : [],
    ...grant.env.length > 0 ? [`  ${verb} the variables ${grant.env.join(", ")}`] : [],
  ];
}

/** `2 modules from acme.test:443, 1 package from npm`. */
function originsOf(modules: ModuleHashes): string {
  const counts = new Map<string, number>();
  for (const module of hashesByModule(modules).keys()) {
    const origin = hostOf(module) || module.slice(0, module.indexOf(":"));
    counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  return [...counts].map(([origin, count]) =>
    origin === "npm" || origin === "jsr"
      ? `${counted(count, "package")} from ${origin}`
      : `${counted(count, "module")} from ${plain(origin)}`
  ).join(", ");
}
