/**
 * The dotevals command: `deno run -A jsr:@dotevals/cli run evals/`.
 *
 * @module
 */
import { main } from "@dotevals/core/cli";

if (import.meta.main) await main();
