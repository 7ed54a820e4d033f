import { assert, assertEquals } from "@std/assert";
import { adaptive } from "../../src/schedule/adaptive.ts";
import { slidingWindow } from "../../src/schedule/sliding_window.ts";
import type { ConcurrencyStrategy } from "../../src/schedule/strategy.ts";
import { judge, percent, type Scenario, SCENARIOS } from "./scenarios.ts";
import { simulate } from "./simulate.ts";

const SEEDS = Array.from({ length: 20 }, (_, at) => at + 1);

async function faultsOf(scenario: Scenario, strategy: ConcurrencyStrategy) {
  let worst = { share: Infinity, refused: 0, wait: 0 };
  const faults: string[] = [];
  for (const seed of SEEDS) {
    const verdict = await judge(scenario, { strategy, seed });
    const { refused, longestWait } = verdict.simulated;
    worst = {
      share: Math.min(worst.share, verdict.share),
      refused: Math.max(worst.refused, refused),
      wait: Math.max(worst.wait, longestWait),
    };
    faults.push(...verdict.faults.map((fault) => `seed ${seed}: ${fault}`));
  }
  return { worst, faults };
}

for (const scenario of SCENARIOS) {
  Deno.test(`adaptive() comes near the best of ${scenario.name}`, async () => {
    const { worst, faults } = await faultsOf(scenario, adaptive());
    const { share, refused, wait } = worst;
    const text = `worst of ${SEEDS.length} seeds: ${percent(share)} of the best throughput, ` +
      `${percent(refused)} refused, ${Math.round(wait)} ms waited`;
    // deno-lint-ignore no-console -- the figures are what one wants to see of this suite
    console.log(`${scenario.name}: ${text}`);
    assertEquals(faults, []);
  });
}

Deno.test("a fixed window of 10 fails where there is more room than that", async () => {
  const [fixed] = SCENARIOS;
  assert(fixed);
  const { faults } = await faultsOf(fixed, slidingWindow({ maxConcurrency: 10 }));
  const slow = faults.filter((fault) => fault.endsWith("of the best throughput"));
  assertEquals(slow.length, SEEDS.length);
});

Deno.test("a fixed window of 100 is refused where there is less room than that", async () => {
  const refusing = SCENARIOS.find(({ name }) => name.endsWith("refuses what is more"));
  assert(refusing);
  const strategy = slidingWindow({ maxConcurrency: 100 });
  const { simulated } = await judge({ ...refusing, from: 2000, to: 5000 }, {
    strategy,
    seed: 1,
  });
  assert(simulated.refused > 0.1, `${simulated.refused}`);
});

Deno.test("an endpoint that is down is asked only from time to time", async () => {
  const outage = SCENARIOS.find(({ name }) => name.startsWith("an outage"));
  assert(outage);
  for (const seed of SEEDS) {
    const during = { ...outage, from: 60_000, to: 90_000 };
    const { sent } = await simulate({ ...during, strategy: adaptive(), seed });
    assert(sent < 50, `seed ${seed}: ${sent} calls in 30 s`);
  }
});
