/**
 * A program that tests code which never ends.
 *
 * @module
 */
import { codeTests } from "../code_tests.ts";

await codeTests("for (;;);", "1", { timeout: 600_000 });
