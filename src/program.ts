/**
 * How the command is started.
 *
 * @module
 */

/** What to write in a shell to run the published command. */
export const PROGRAM = "deno run -A jsr:@dotevals/cli";
