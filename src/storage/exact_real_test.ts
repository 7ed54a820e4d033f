import { assertEquals } from "@std/assert";
import { join } from "@std/path/join";
import { exactReal, isExact, toExact } from "./exact_real.ts";
import { openFileExecutor } from "./file_executor.ts";

Deno.test("exactReal() gives numbers to the last bit that SQLite reads as the ones beside them", async () => {
  const numbers = [
    ...[945.399355335189, 785.542698788829, 0.3964617259160578, 0.002660005039483049],
    ...[0.000006118016648584127, 4.222896995134782e-7, 2.135646993655811e-20],
    ...[0.1, 1 / 3, 0.5, 2 ** -30, 1_795_000_000_000.125, 0, 7, 2 ** 53 - 1],
  ].flatMap((number) => [number, -number]);
  assertEquals(numbers.filter((number) => !isExact(number)), []);
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  const executor = await openFileExecutor(join(folder, "x.db"));
  const read = async (expression: string, values: readonly unknown[]) => {
    const [result] = await executor.run([{
      sql: `SELECT ${expression} * 1.0 FROM json_each(?1)`,
      args: [JSON.stringify(values)],
    }], "read");
    return result?.rows.map(([number]) => number);
  };
  const exact = await read(exactReal("value"), numbers.map(toExact));
  const decimal = await read("value", numbers);
  await executor.close();
  await Deno.remove(folder, { recursive: true });
  assertEquals(exact, numbers.map((number) => number === 0 ? 0 : number));
  assertEquals(decimal?.filter((number, at) => number !== numbers[at]).length, 14);
});

Deno.test("isExact() says which numbers travel as decimals", () => {
  assertEquals([NaN, Infinity, 1e300, 1e-300, Number.MIN_VALUE].map(isExact), [
    false,
    false,
    false,
    false,
    false,
  ]);
  assertEquals(toExact(1e300), 1e300);
  assertEquals([toExact(null), toExact("text"), toExact(3)], [null, "text", 3]);
});
