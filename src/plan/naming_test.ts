import { assertEquals } from "@std/assert";
import { foreach } from "../evaluation/foreach.ts";
import { score } from "../evaluation/score.ts";
import { nameOf } from "./naming.ts";

const read = (url: URL) => Deno.readTextFile(url);

const assigned = foreach("n", [1], () => score("one", 1));

Deno.test("nameOf() is the option, else the variable it was assigned to", async () => {
  assertEquals(
    await nameOf(foreach("n", [1], { name: "given" }, () => score("one", 1)), read),
    "given",
  );
  assertEquals(await nameOf(assigned, read), "assigned");
});

Deno.test("nameOf() is the file's name where nothing else names it", async () => {
  const made = [foreach("n", [1], () => score("one", 1))][0] ?? assigned;
  const elsewhere = { ...made, madeAt: { url: "file:///evals/word%20count.eval.ts", line: 1 } };
  assertEquals(await nameOf(elsewhere, () => Promise.reject(new Error("gone"))), "word count");
});
