import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { hubOf } from "../../src/datasets/testing/hub.ts";

const rows = {
  gsm8k: [
    {
      question: "Ann has 3 apples and buys 4 more. How many has she?",
      answer: "3 + 4 = 7\n#### 7",
    },
    { question: "Ben has 10 pens and loses 2. How many are left?", answer: "10 - 2 = 8\n#### 99" },
  ],
  mmlu: [
    {
      question: "What is A? The answer is (B).",
      subject: "letters",
      choices: ["1", "2", "3", "4"],
      answer: 1,
    },
    { question: "What is 2 + 2?", subject: "sums", choices: ["1", "2", "3", "4"], answer: 0 },
  ],
  humaneval: [
    {
      task_id: "test/0",
      prompt: "def return1():\n    return 1\n",
      canonical_solution: "",
      test: "def check(candidate):\n    assert candidate() == 1",
      entry_point: "return1",
    },
    {
      task_id: "test/1",
      prompt: "def return2():\n    return 1\n",
      canonical_solution: "",
      test: "def check(candidate):\n    assert candidate() == 2",
      entry_point: "return2",
    },
  ],
};

interface ShownRecord {
  readonly position: number;
  readonly scores: Readonly<Record<string, unknown>>;
}

/** Runs an example by the command, in an empty folder, and gives its scores in the order of the rows. */
async function scoresOf(example: string): Promise<readonly unknown[]> {
  const folder = await Deno.makeTempDir();
  await using hub = hubOf([
    { repository: "openai/gsm8k", config: "main", split: "test", rows: rows.gsm8k },
    { repository: "cais/mmlu", config: "all", split: "test", rows: rows.mmlu },
    {
      repository: "openai/openai_humaneval",
      config: "openai_humaneval",
      split: "test",
      rows: rows.humaneval,
    },
  ]);
  const dotevals = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", fromFileUrl(new URL("../../cli.ts", import.meta.url)), ...args],
      cwd: folder,
      env: { HF_ENDPOINT: hub.url },
    }).output();
    assertEquals(code, 0, new TextDecoder().decode(stderr));
    return new TextDecoder().decode(stdout);
  };
  try {
    const file = fromFileUrl(new URL(`${example}.eval.ts`, import.meta.url));
    await dotevals("run", file, "--experiment", "example");
    const { evaluations: [evaluation] } = JSON.parse(
      await dotevals("show", "example", "--json", "--full"),
    );
    const records: readonly ShownRecord[] = evaluation.records;
    return records.toSorted((one, other) => one.position - other.position)
      .map(({ scores }) => Object.values(scores));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

for (const example of ["gsm8k", "mmlu", "humaneval"]) {
  Deno.test(`the example ${example} scores a right answer and a wrong one`, async () => {
    assertEquals(await scoresOf(example), [[true], [false]]);
  });
}
