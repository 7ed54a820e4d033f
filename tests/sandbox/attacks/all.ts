/**
 * All attacks that one plugin tries.
 *
 * @module
 */
import { ADDRESSES, ADDRESSES6, LOOKUPS } from "./addresses.ts";
import type { Attack, World } from "./attack.ts";
import { IMPORTS } from "./imports.ts";
import { INSIDES } from "./insides.ts";
import { NETWORK } from "./network.ts";
import { READS } from "./reads.ts";
import { SYSTEM } from "./system.ts";
import { WORKERS } from "./workers.ts";

/** Those that this machine lets one try. */
export function attacksIn({ other6 }: Pick<World, "other6">): readonly Attack[] {
  return [
    ...READS,
    ...IMPORTS,
    ...WORKERS,
    ...NETWORK,
    ...ADDRESSES,
    ...other6 === undefined ? [] : ADDRESSES6,
    ...LOOKUPS,
    ...SYSTEM,
    ...INSIDES,
  ];
}
