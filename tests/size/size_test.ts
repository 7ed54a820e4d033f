import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { workplace } from "../cli/command.ts";
import { runGenerated } from "./generated.ts";
import { measured, notMeasurable } from "./measured.ts";

/** Few, for what a process takes once, and many; the many hold this much more text. */
const [FEW, MANY, CHARACTERS] = [30_000, 110_000, 2_000];
const TEXT_MB = (MANY - FEW) * CHARACTERS / 2 ** 20;

Deno.test({
  name: "memory does not grow with the rows, neither while they run nor when they are exported",
  ignore: notMeasurable,
  async fn(t) {
    await using place = await workplace();
    const run = { characters: CHARACTERS };
    const few = await runGenerated(place, { ...run, rows: FEW, experiment: "few" });
    const many = await runGenerated(place, { ...run, rows: MANY, experiment: "many" });
    assertStringIncludes(many.stdout, "110,000/110,000");
    // Were the rows kept in any form, it would be all of their text, or more.
    const grown = many.peakMb - few.peakMb;
    assert(grown < TEXT_MB / 2, `${few.peakMb} MB, then ${many.peakMb} MB`);
    for (
      const [command, ...options] of [
        ["export", "--format", "jsonl", "-o", "out"],
        ["export", "--format", "csv", "-o", "out"],
        ["export", "--format", "parquet", "-o", "out"],
        ["show", "--reporter", "html=out"],
        ["show", "--reporter", "junit=out"],
      ]
    ) {
      await t.step(`${command} ${options.join(" ")}`, async () => {
        const of = async (experiment: string) => {
          const done = await measured(place, [command ?? "", experiment, ...options]);
          assertEquals(done.code, 0, done.stderr);
          return done.peakMb;
        };
        const [small, large] = [await of("few"), await of("many")];
        assert(large - small < TEXT_MB / 2, `${small} MB, then ${large} MB`);
      });
    }
  },
});
