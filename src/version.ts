/**
 * The version of this copy of dotevals.
 *
 * @module
 */
import config from "../deno.json" with { type: "json" };

/** The version of this copy of dotevals. */
export const VERSION: string = config.version;
