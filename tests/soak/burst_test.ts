import { killAfterBurst } from "../faults/burst.ts";

for (const asker of ["evaluation", "openai"] as const) {
  Deno.test(`a kill after 1,000 answers came at once takes those of the last moment only: ${asker}`, async () => {
    for (const ms of [100, 100, 150, 200, 250, 300]) {
      // deno-lint-ignore no-console -- the figures are what this test is for
      console.log(JSON.stringify(await killAfterBurst(ms, asker)));
    }
  });
}
