import { assert, assertEquals } from "@std/assert";
import type { Filling } from "../testing/filled_storage.ts";
import type { Comparison } from "./comparison.ts";
import { comparisonLines } from "./comparison_lines.ts";
import { compare, MODELS, refused, rows } from "./testing/compared.ts";

Deno.test("evaluations are paired by name and variant, or by name where there is one of each", async () => {
  const other: Filling = { name: "other", records: rows(2, () => true) };
  const same = await compare({ x: [...MODELS, other], y: MODELS });
  const labels = (of: Comparison) =>
    of.pairs.map(({ first, second }) => [first.variant.model, second.variant.model]);
  assertEquals(labels(same), [["a", "a"], ["b", "b"]]);
  const alone = (of: Comparison) =>
    of.alone.map(({ side, missingIn }) => [side.experiment, side.stored.name, missingIn]);
  assertEquals(alone(same), [["x", "other", "y"]]);
  const three = await compare({ x: [...MODELS, other], y: MODELS, z: [...MODELS, other] });
  assertEquals(alone(three), [["x", "other", "y"]]);
  const text = comparisonLines(three, { columns: 80, color: false });
  assert(text.includes("Without a counterpart: x: other (none in y)."), text.join("\n"));
  const [a, b] = MODELS;
  assert(a !== undefined && b !== undefined);
  assertEquals(labels(await compare({ x: [a], y: [b] })), [["a", "b"]]);
  const selected = ["a", "b"].map((model) => ({ experiment: "x", bindings: { model } }));
  assertEquals(labels(await compare({ x: MODELS }, selected)), [["a", "b"]]);
});

Deno.test("what to compare must be clear, and the error says what there is", async () => {
  const [a] = MODELS;
  assert(a !== undefined);
  const c = { ...a, variant: { model: "c", style: "terse" } };
  const d = { ...a, variant: { model: "d", style: "terse" } };
  await refused(
    compare({ x: MODELS, y: [c, d] }),
    "ambiguous-variants",
    "Name one of each, such as: dotevals compare x:model=a y:model=d",
  );
  const onlyA = { experiment: "x", bindings: { model: "a" } };
  await refused(
    compare({ x: MODELS, y: [c, d] }, [onlyA, "y"]),
    "ambiguous-variants",
    "Name one of each, such as: dotevals compare x:model=a y:model=d",
  );
  await refused(
    compare({ x: MODELS }, ["x", "x"]),
    "nothing-to-compare",
    "Name two experiments, or a parameter of one whose values to compare: --by model",
  );
  await refused(
    compare({ x: MODELS, y: [{ ...a, name: "products" }] }),
    "nothing-in-common",
    "Where one was renamed, say so: --renamed sums=products",
  );
  await refused(
    compare({ x: MODELS }, [{ experiment: "x", bindings: { model: "z" } }, "x"]),
    "no-variant",
    'Did you mean "a"?',
  );
  await refused(compare({ x: MODELS }, ["y", "x"]), "no-experiment", 'Did you mean "x"?');
  const evaluation = { evaluation: "sum" };
  await refused(
    compare({ x: [a], y: [a] }, undefined, evaluation),
    "no-evaluation",
    'Did you mean "sums"?',
  );
});

Deno.test("a renamed evaluation is paired with what it was", async () => {
  const [a] = MODELS;
  assert(a !== undefined);
  const renamed = new Map([["sums", "products"]]);
  const comparison = await compare({ x: [a], y: [{ ...a, name: "products" }] }, undefined, {
    renamed,
  });
  assertEquals(comparison.pairs.length, 1);
  assertEquals(comparison.alone, []);
  const misspelt = [["sum", "products", "sums"], ["sums", "product", "products"]] as const;
  for (const [old, now, meant] of misspelt) {
    await refused(
      compare({ x: [a], y: [{ ...a, name: "products" }, a] }, undefined, {
        renamed: new Map([[old, now]]),
      }),
      "no-evaluation",
      `Did you mean "${meant}"?`,
    );
  }
});
