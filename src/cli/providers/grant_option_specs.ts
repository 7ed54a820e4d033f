/**
 * The options by which a grant is given on a command line.
 *
 * @module
 */
import type { OptionSpecs } from "../option_specs.ts";

/** Options of `providers add` and `providers update`. */
export const grantOptionSpecs = {
  "allow-net": {
    type: "texts",
    value: "HOST[:PORT],…",
    summary: "grant these hosts; port 443 where none is named",
  },
  "allow-env": {
    type: "texts",
    value: "NAME,…",
    summary: "grant these environment variables",
  },
  yes: { type: "flag", summary: "do not ask: grant what it asks for" },
} as const satisfies OptionSpecs;
