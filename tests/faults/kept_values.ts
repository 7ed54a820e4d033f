/**
 * Values that are recorded in every place that takes any, and looked for again.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { isDeepStrictEqual } from "node:util";
import { foreach, mean, result, type Results, run, score } from "@dotevals/core";
import { join } from "@std/path/join";
import { decode } from "../../src/values/tagged.ts";
import { type Workplace, workplace } from "../cli/command.ts";

/** Records values in every place that takes any. */
export async function record(
  place: Workplace,
  values: readonly unknown[],
): Promise<Results> {
  const evaluation = foreach(
    "value",
    values.map((value) => [value]),
    { name: "values" },
    ({ value }) =>
      result({
        scores: score("kept", 1, { metrics: [mean()], metadata: { value } }),
        prompt: value,
        response: value,
        metadata: { value },
      }),
  );
  const storage = `file:${join(place.folder, ".dotevals", "dotevals.db")}`;
  return await run(evaluation, { storage, experiment: "e" });
}

/** A record as `show` prints it. */
export interface ShownRecord {
  readonly position: number;
  readonly row: unknown;
  readonly response: unknown;
  readonly error: { readonly message: string } | null;
}

/** The records that `show --json --full` prints. */
export async function shownRecords(place: Workplace): Promise<readonly ShownRecord[]> {
  const { stdout, stderr, code } = await place.dotevals("show", "e", "--json", "--full");
  assertEquals(code, 0, stderr);
  return JSON.parse(stdout).evaluations[0].records;
}

/** Asserts that values come back from a run, and from `show`, as they went in. */
export async function assertKept(values: readonly unknown[]): Promise<void> {
  await using place = await workplace();
  await using results = await record(place, values);
  assertEquals(results.summary().errors, 0);
  let position = 0;
  for await (const record of results.records()) {
    const value = values[position++];
    const { row, prompt, response, metadata } = record;
    const kept = { row, prompt, response, metadata };
    const given = { row: { value }, prompt: value, response: value, metadata: { value } };
    assertSame(kept, given);
  }
  assertEquals(position, values.length);
  for (const shown of await shownRecords(place)) {
    const value = values[shown.position];
    const kept = [shown.row, shown.response].map((part) => decode(JSON.stringify(part)));
    const given = [{ value }, value === undefined ? null : value];
    assertSame(kept, given);
  }
}

/** As `assertEquals`, which is slow with large values and compares the stacks of errors. */
function assertSame(kept: unknown, given: unknown): void {
  if (isDeepStrictEqual(kept, given)) return;
  const [one, other] = [kept, given].map((value) => Deno.inspect(value).slice(0, 1000));
  assert(false, `${one} is not ${other}`);
}

/** An object with so many keys. */
export function objectOf(keys: number): Readonly<Record<string, number>> {
  return Object.fromEntries(Array.from({ length: keys }, (_, n) => [`key ${n}`, n]));
}
