import { assert, assertEquals, assertRejects, assertStringIncludes } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import { fillDemo } from "../report/testing/filled_storage.ts";
import { openStorage } from "../storage/open.ts";
import { commandHelp, COMMANDS, loadCommand, mainHelp } from "./help.ts";
import { type FakeIo, fakeIo, type FakeIoOptions } from "./testing/fake_io.ts";

interface Ran {
  readonly status: number;
  readonly out: string;
  readonly err: string;
  readonly io: FakeIo;
}

/** Runs commands against a real database that holds the experiment `demo`. */
async function withDemo(
  test: (
    dotevals: (line: readonly string[], options?: FakeIoOptions) => Promise<Ran>,
  ) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir();
  const location = `file:${folder}/demo.db`;
  try {
    await using storage = await openStorage(location, { mode: "write" });
    await fillDemo(storage);
    await test((line, options) =>
      dotevals(line, { ...options, env: { DOTEVALS_STORAGE: location, ...options?.env } })
    );
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function dotevals(line: readonly string[], options: FakeIoOptions = {}): Promise<Ran> {
  const [name = "", ...args] = line;
  const io = fakeIo(options);
  const status = await (await loadCommand(name)).run(args, io);
  return { status, out: io.out(), err: io.err(), io };
}

async function refused(ran: Promise<Ran>, message: string): Promise<DotevalsError> {
  const error = await assertRejects(() => ran, DotevalsError, message);
  assertEquals(error.exitCode, 2);
  return error;
}

Deno.test("list prints a table to standard output, or JSON", async () => {
  await withDemo(async (dotevals) => {
    const table = await dotevals(["list"]);
    assertEquals([table.status, table.err], [0, ""]);
    const [heading, line] = table.out.split("\n");
    assertEquals(heading, "experiment  status      evaluations     items  errors  updated (UTC)");
    assertStringIncludes(line ?? "", "demo        incomplete            3  10/1,208       2  ");
    const json = await dotevals(["list", "--json"]);
    assertEquals(JSON.parse(json.out)[0].name, "demo");
  });
});

Deno.test("list without a storage says how to get an experiment, and makes no storage", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const storage = ["--storage", `file:${folder}/none.db`];
    const { status, out, err } = await dotevals(["list", ...storage]);
    assertEquals([status, out], [0, ""]);
    assertStringIncludes(err, "No experiments yet");
    assertStringIncludes(err, "dotevals run evals/");
    assertEquals((await dotevals(["list", "--json", ...storage])).out, "[]\n");
    assertEquals(await Array.fromAsync(Deno.readDir(folder)), []);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("show prints the table, its errors grouped, or each record", async () => {
  await withDemo(async (dotevals) => {
    const table = [
      "evaluation  model               style  status        items  errors  exactMatch.accuracy",
      "arithmetic  echo:                      complete        5/5       2  0.400 (0.118–0.769)",
      "arithmetic  openai:gpt-4o-mini  terse  incomplete  2/1,200       0  0.500 (0.095–0.905)",
      "",
    ];
    const overview = (await dotevals(["show", "demo", "--evaluation", "arithmetic"])).out;
    const bar = "█".repeat(40);
    assertEquals(overview.split("\n"), [
      ...table,
      "arithmetic [model=echo:]",
      "  exactMatch",
      `    true    2  40%  ${bar}`,
      `    false   1  20%  ${bar.slice(20)}`,
      `    errors  2  40%  ${bar}`,
      "    lowest: 00000000 (false, row 2)",
      "  2 × TypeError: boom (00000000)",
      "",
      "arithmetic [model=openai:gpt-4o-mini, style=terse]",
      "  exactMatch",
      `    true   1  50%  ${bar}`,
      `    false  1  50%  ${bar}`,
      "    lowest: 00000000 (false, row 1)",
      "",
      "an item: dotevals show demo --item KEY",
      "errors: dotevals show demo --errors",
      "",
    ]);
    const errors = (await dotevals(["show", "demo", "--evaluation=arithmetic", "--errors"])).out;
    assertEquals(errors.split("\n"), [
      ...table,
      "arithmetic [model=echo:]",
      "  2 × TypeError: boom",
      '    00000000 row 3: {"n":3}',
      '    00000000 row 4: {"n":4}',
      "",
    ]);
    const full = (await dotevals(["show", "demo", "--evaluation=extraction", "--full"])).out;
    assertEquals(full.split("\n").slice(3, 14), [
      "extraction",
      "  row 0 00000000 5 ms",
      '    row: {"when":{"$type":"Date","value":"1970-01-01T00:00:00.000Z"},"id":{"$type":"bigint","value":"5"}}',
      "    prompt: What?",
      "      Why?",
      "    response: \\u{1b}[2Jred\\u{202e}",
      "    f1: 0.5",
      '    parts: {"name":true,"size":3}',
      "  row 1 00000000 5 ms",
      '    row: {"n":1}',
      '    f1: {"$type":"number","value":"NaN"}',
    ]);
    const failed = (await dotevals(["show", "demo", "--errors", "--full"])).out;
    assertEquals(failed.match(/error: TypeError: boom/g)?.length, 2);
    assert(!failed.includes("response: yes"));
    const none = await dotevals(["show", "demo", "--evaluation=extraction", "--errors"]);
    assertStringIncludes(none.out, "No errors.");
  });
});

Deno.test("show --item tells of the one item whose key begins so, and names those that it may be", async () => {
  await withDemo(async (dotevals) => {
    const { status, out } = await dotevals(
      ["show", "demo", "--item", "a", "--evaluation", "extraction"],
    );
    assertEquals(status, 0);
    assertStringIncludes(out, `extraction row 2\n  key     ${"a".repeat(32)}\n`);
    const ambiguous = await refused(dotevals(["show", "demo", "--item", "00"]), "5 items");
    assertStringIncludes(
      ambiguous.hint ?? "",
      `${"0".repeat(31)}4  arithmetic [model=echo:], row 4`,
    );
    for (const key of ["ffff", "no hex", "0".repeat(33)]) {
      const none = await refused(dotevals(["show", "demo", "--item", key]), "No item");
      assertStringIncludes(none.hint ?? "", "--errors");
    }
    const whole = (await dotevals(["show", "demo", "--item", `${"0".repeat(31)}1`])).out;
    assertEquals(whole.match(/ row 1$/gm)?.length, 3, "under each variant and evaluation");
    await refused(dotevals(["show", "demo", "--item", "a", "--json"]), "--item has no report json");
  });
});

Deno.test("show writes nothing a terminal acts on but colours, and these on request only", async () => {
  await withDemo(async (dotevals) => {
    const item = ["--item", "0".repeat(32)];
    for (const more of [[], ["--full"], ["--errors"], ["--json", "--full"], item]) {
      const { out } = await dotevals(["show", "demo", ...more], { columns: 80 });
      assert(!/[^\P{Cc}\n]/u.test(out), more.join(" "));
    }
    const { out } = await dotevals(["show", "demo", "--full"], { columns: 80, color: true });
    // deno-lint-ignore no-control-regex -- what colours are made of
    assert(!/[^\P{Cc}\n]/u.test(out.replace(/\x1b\[\d+m/g, "")));
    assertStringIncludes(out, "\x1b[1m");
  });
});

Deno.test("show --json holds records where they are asked for", async () => {
  await withDemo(async (dotevals) => {
    const lengths = async (...more: string[]) => {
      const { evaluations } = JSON.parse((await dotevals(["show", "demo", "--json", ...more])).out);
      return evaluations.map(({ records }: { records?: unknown[] }) => records?.length);
    };
    assertEquals(await lengths(), [undefined, undefined, undefined]);
    assertEquals(await lengths("--full"), [5, 2, 3]);
    assertEquals(await lengths("--full", "--errors"), [2, 0, 0]);
    assertEquals(await lengths("--errors"), [2, 0, 0]);
  });
});

Deno.test("show, rename and delete suggest the nearest experiment", async () => {
  await withDemo(async (dotevals) => {
    for (const line of [["show", "dmo"], ["rename", "dmo", "x"], ["delete", "dmo", "--yes"]]) {
      const error = await refused(dotevals(line), "dmo");
      assertStringIncludes(error.hint ?? "", "demo");
    }
    const asked = await refused(dotevals(["delete", "dmo"], { answers: [true] }), "dmo");
    assertStringIncludes(asked.hint ?? "", "demo");
  });
});

Deno.test("rename keeps the results under the new name", async () => {
  await withDemo(async (dotevals) => {
    const { status, out, err } = await dotevals(["rename", "demo", "baseline"]);
    assertEquals([status, out, err], [0, "", 'Renamed "demo" to "baseline".\n']);
    const { experiment, evaluations } = JSON.parse(
      (await dotevals(["show", "baseline", "--json"])).out,
    );
    assertEquals([experiment, evaluations.length], ["baseline", 3]);
    await refused(dotevals(["show", "demo"]), "demo");
  });
});

Deno.test("delete asks on a terminal, and deletes on yes only", async () => {
  await withDemo(async (dotevals) => {
    const kept = await dotevals(["delete", "demo"], { columns: 80, answers: [false] });
    assertEquals([kept.status, kept.err], [0, "Nothing was deleted.\n"]);
    assertEquals(kept.io.questions, ['Delete "demo" with 3 evaluations and 10 results?']);
    assertEquals(JSON.parse((await dotevals(["list", "--json"])).out).length, 1);
    const gone = await dotevals(["delete", "demo"], { columns: 80, answers: [true] });
    assertEquals(gone.err, 'Deleted "demo".\n');
    assertEquals(JSON.parse((await dotevals(["list", "--json"])).out), []);
  });
});

Deno.test("delete without a terminal needs --yes", async () => {
  await withDemo(async (dotevals) => {
    const error = await refused(dotevals(["delete", "demo"]), "demo");
    assertStringIncludes(error.hint ?? "", "--yes");
    assertEquals(JSON.parse((await dotevals(["list", "--json"])).out).length, 1);
    assertEquals((await dotevals(["delete", "demo", "--yes"])).status, 0);
    assertEquals(JSON.parse((await dotevals(["list", "--json"])).out), []);
  });
});

Deno.test("each command is listed as it describes itself, and its help has an example", async () => {
  for (const { name, summary } of COMMANDS) {
    const command = await loadCommand(name);
    assertEquals([command.name, command.summary], [name, summary]);
    const help = commandHelp(command);
    assertStringIncludes(help, `Example:\n  dotevals ${name}`);
    for (const option of Object.keys(command.options)) assertStringIncludes(help, `--${option}`);
    assert(help.split("\n").every((line) => line.length <= 100), help);
    assertStringIncludes(mainHelp(), summary);
  }
});

Deno.test("datasets lists what comes with dotevals, with more when it is verbose, or as JSON", async () => {
  const short = await dotevals(["datasets"]);
  assertEquals([short.status, short.err], [0, ""]);
  assertStringIncludes(short.out, "gsm8k  Grade school math word problems, with solutions.\n");
  assertStringIncludes(short.out, "  splits   train (7,473), test (1,319)\n");
  assert(!short.out.includes("licence"));
  const long = await dotevals(["datasets", "--verbose"]);
  assertStringIncludes(long.out, "  columns  question, subject, choices, answer\n");
  assertStringIncludes(
    long.out,
    "  source   https://huggingface.co/datasets/openai/openai_humaneval\n",
  );
  const { version, datasets } = JSON.parse((await dotevals(["datasets", "--json"])).out);
  assertEquals(version, 1);
  assertEquals(datasets.map(({ name }: { name: string }) => name), ["gsm8k", "humaneval", "mmlu"]);
});
