/**
 * All attacks that one plugin tries.
 *
 * @module
 */
import { ADDRESSES, LOOKUPS } from "./addresses.ts";
import type { Attack } from "./attack.ts";
import { IMPORTS } from "./imports.ts";
import { INSIDES } from "./insides.ts";
import { NETWORK } from "./network.ts";
import { READS } from "./reads.ts";
import { SYSTEM } from "./system.ts";
import { WORKERS } from "./workers.ts";

/** Those that every machine lets one try. */
export const ATTACKS: readonly Attack[] = [
  ...READS,
  ...IMPORTS,
  ...WORKERS,
  ...NETWORK,
  ...ADDRESSES,
  ...LOOKUPS,
  ...SYSTEM,
  ...INSIDES,
];
