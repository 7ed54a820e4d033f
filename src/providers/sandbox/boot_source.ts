/**
 * The boot module as the child gets it: a `data:` URL, the same from a checkout and from JSR.
 *
 * A plugin that is the main module, or that the main module imports statically, escapes limits on
 * reading and importing. So the main module is this one, and it imports the plugin when it is told to.
 *
 * @module
 */
import { BOOT_FUNCTIONS } from "./boot.ts";
import { fromWire, parseLine, toWire } from "./wire.ts";

/** The main module of every sandbox. */
export const BOOT_URL: string = `data:text/javascript,${
  encodeURIComponent(
    [toWire, fromWire, parseLine, ...BOOT_FUNCTIONS, "await boot();"].map(String).join("\n"),
  )
}`;
