import { assertEquals } from "@std/assert";
import { hubOf } from "../testing/hub.ts";
import { gsm8k, gsm8kAnswer, gsm8kPrompt } from "./gsm8k.ts";
import { humaneval, humanevalCode, humanevalTests } from "./humaneval.ts";
import { mmlu, mmluAnswer, mmluPrompt } from "./mmlu.ts";

const problem = { question: "2 + 2?", answer: "2 + 2 = <<2+2=4>>4\n#### 1,004" };
const choice = { question: "Q?", subject: "anatomy", choices: ["a", "b", "c", "d"], answer: 2 };
const task = {
  task_id: "test/0",
  prompt: "def return1():\n",
  canonical_solution: "    return 1",
  test: "def check(candidate):\n    assert candidate() == 1",
  entry_point: "return1",
};

Deno.test("the built-in datasets ask the hub for what their cards name", async () => {
  await using hub = hubOf([
    { repository: "openai/gsm8k", config: "main", split: "test", rows: [problem] },
    { repository: "cais/mmlu", config: "all", split: "dev", rows: [{ ...choice, extra: "x" }] },
    { repository: "cais/mmlu", config: "anatomy", split: "test", rows: [choice] },
    {
      repository: "openai/openai_humaneval",
      config: "openai_humaneval",
      split: "test",
      rows: [task],
    },
  ]);
  const options = { baseUrl: hub.url, cache: false } as const;
  assertEquals<unknown[]>(await Array.fromAsync(gsm8k("test", options)), [problem]);
  assertEquals<unknown[]>(await Array.fromAsync(mmlu("dev", options)), [choice]);
  const anatomy = mmlu("test", { ...options, subject: "anatomy" });
  assertEquals<unknown[]>(await Array.fromAsync(anatomy), [choice]);
  assertEquals<unknown[]>(await Array.fromAsync(humaneval("test", options)), [task]);
});

Deno.test("gsm8k's answers stand behind ####, or are the last number", () => {
  assertEquals(gsm8kAnswer(problem.answer), "1,004");
  assertEquals(gsm8kAnswer("That makes 12 eggs, so $18."), "18");
  for (const said of ["#### $18", "**#### 18 eggs**", "#### \\boxed{18}.", "####\n18"]) {
    assertEquals(gsm8kAnswer(`12 and 6.\n${said}`), "18");
  }
  assertEquals([gsm8kAnswer("None."), gsm8kAnswer("12\n#### none")], [undefined, undefined]);
  assertEquals(gsm8kPrompt(problem).startsWith("2 + 2?\n"), true);
});

Deno.test("mmlu's choices have letters, and an answer is an index", () => {
  assertEquals(mmluPrompt(choice).split("\n").slice(0, 5), ["Q?", "A. a", "B. b", "C. c", "D. d"]);
  assertEquals(mmluAnswer("The answer is (C)."), choice.answer);
  assertEquals(mmluAnswer("I do not know."), undefined);
});

Deno.test("humaneval's code is the whole function, or goes behind its head", () => {
  const whole = "Here:\n```python\ndef return1():\n    return 1\n```\n";
  assertEquals(
    humanevalCode(task, whole),
    "def return1():\n    pass\n\ndef return1():\n    return 1\n",
  );
  assertEquals(humanevalCode(task, "    return 1"), "def return1():\n    return 1");
  assertEquals(humanevalTests(task), [`${task.test}\n\ncheck(return1)\n`]);
});
