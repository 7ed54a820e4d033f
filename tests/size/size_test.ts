import { assert, assertStringIncludes } from "@std/assert";
import { workplace } from "../cli/command.ts";
import { runGenerated } from "./generated.ts";
import { notMeasurable } from "./measured.ts";

/** Few, for what a process takes once, and many; the many hold this much more text. */
const [FEW, MANY, CHARACTERS] = [30_000, 110_000, 2_000];
const TEXT_MB = (MANY - FEW) * CHARACTERS / 2 ** 20;

Deno.test({
  name: "memory does not grow with the rows",
  ignore: notMeasurable,
  async fn() {
    await using place = await workplace();
    const run = { characters: CHARACTERS };
    const few = await runGenerated(place, { ...run, rows: FEW, experiment: "few" });
    const many = await runGenerated(place, { ...run, rows: MANY, experiment: "many" });
    assertStringIncludes(many.stdout, "110,000/110,000");
    // Were the rows kept in any form, it would be all of their text, or more.
    const grown = many.peakMb - few.peakMb;
    assert(grown < TEXT_MB / 2, `${few.peakMb} MB, then ${many.peakMb} MB`);
  },
});
