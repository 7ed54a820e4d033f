import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { join } from "@std/path/join";
import { walk } from "./walk.ts";
import { finished, fixturePath, type Workplace, workplace } from "../cli/command.ts";
import { sqldMissing, startSqld } from "../sqld.ts";
import { startProxy } from "./proxy.ts";

/** A quotation mark and a backslash look another way within JSON. */
const CANARIES = {
  OPENAI_API_KEY: "canary-granted-1",
  ANTHROPIC_API_KEY: 'canary-of-own-code-"2\\',
  DOTEVALS_AUTH_TOKEN: "canary-of-the-storage-3",
  NAMED_BY_OPTION: "canary-named-by-option-4",
};

/** An endpoint that repeats the headers it is sent, in its answers and in its refusals. */
function startEcho() {
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const sent = JSON.stringify([...request.headers]);
    const { messages } = await request.json();
    if (messages[0].content === "refuse") {
      const message = `This cannot be answered: ${sent}`;
      return Response.json({ error: { message, type: "invalid_request_error" } }, { status: 400 });
    }
    return Response.json({
      id: "1",
      object: "chat.completion",
      created: 0,
      model: "m",
      choices: [{ index: 0, finish_reason: "stop", message: { role: "assistant", content: sent } }],
    });
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

const ARGS = [
  ...["run", fixturePath("leaking"), "--experiment", "e"],
  ...["--model", "granted=openai:m", "--model", "named=openai:m"],
  ...["--model-option", "named.apiKeyVariable=NAMED_BY_OPTION"],
  ...["--log", "session.jsonl", "--log-level", "debug"],
];

/** Asserts that no file of a place, and nothing that was printed, holds a canary. */
async function assertNoCanary(place: Workplace, printed: readonly string[]): Promise<void> {
  const texts = new Map(printed.map((text, at) => [`output ${at}`, text]));
  for (const path of await walk(place.folder)) {
    texts.set(path, new TextDecoder("latin1").decode(await Deno.readFile(path)));
  }
  for (const [where, text] of texts) {
    for (const canary of Object.values(CANARIES)) {
      const part = canary.slice(0, -2);
      const at = text.indexOf(part);
      assert(at === -1, `${where} holds a canary: ${text.slice(Math.max(0, at - 80), at + 80)}`);
    }
  }
}

Deno.test("no secret reaches the database, the log or what is printed", async () => {
  await using echo = startEcho();
  await using place = await workplace({ ...CANARIES, OPENAI_BASE_URL: echo.url });
  const run = await place.dotevals(...ARGS, "--reporter", "json");
  assertEquals(run.code, 0, run.stderr);
  const printed = [run];
  for (const more of [["--full"], ["--errors"], ["--json", "--full"], []]) {
    printed.push(await place.dotevals("show", "e", ...more));
  }
  printed.push(await place.dotevals("list", "--json"));
  await assertNoCanary(place, printed.flatMap(({ stdout, stderr }) => [stdout, stderr]));
  assertStringIncludes(printed[3]?.stdout ?? "", "Bearer ***", "the answers were recorded");
});

Deno.test("a parameter that holds a secret is refused: it would be shown with every result", async () => {
  await using place = await workplace(CANARIES);
  await place.write(
    "bound.eval.ts",
    `import { exactMatch, foreach } from "${import.meta.resolve("../../mod.ts")}";
    const params = { key: [Deno.env.get("OPENAI_API_KEY")] };
    export const bound = foreach("n", [1], { params }, ({ n }) => exactMatch(n, n));
    export const other = foreach("n", [1], ({ n }) => exactMatch(n, n));`,
  );
  const run = await place.dotevals("run", "bound.eval.ts", "--experiment", "e", "--log", "x.jsonl");
  assertEquals(run.code, 2, run.stderr);
  assertStringIncludes(run.stderr, "bound cannot run: One of its parameters holds a secret");
  const show = await place.dotevals("show", "e", "--json");
  assertStringIncludes(show.stdout, '"other"');
  await assertNoCanary(place, [run.stdout, run.stderr, show.stdout]);
});

Deno.test({
  name: "the command that goes on does not repeat what the storage's address holds",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using server = await startSqld();
    await using place = await workplace({ FAIL: "b" });
    const host = server.url.slice("http://".length);
    const storage = `http://me:canary%2Dpassw0rd@${host}?authToken=canary-in-the-address`;
    const run = await place.dotevals(
      ...["run", fixturePath("failing"), "--experiment", "e", "--storage", storage],
    );
    assertStringIncludes(run.stderr, "to see: ");
    assertStringIncludes(run.stderr, `${host}?authToken=***`);
    assert(!/canary/.test(run.stdout + run.stderr), run.stderr);
  },
});

Deno.test({
  name: "no secret reaches the spool, or the database that it is delivered to",
  ignore: sqldMissing !== undefined,
  async fn() {
    await using echo = startEcho();
    await using server = await startSqld();
    await using proxy = startProxy(server.url);
    await using place = await workplace({
      ...CANARIES,
      OPENAI_BASE_URL: echo.url,
      DOTEVALS_STORAGE: proxy.url,
    });
    // The database is away from the first results on: they stay in the spool.
    const away = Promise.withResolvers<void>();
    proxy.faults.dropsAnswer = (request) => {
      if (!request.includes("INSERT INTO items")) return false;
      proxy.stop();
      away.resolve();
      return true;
    };
    const run = place.start(ARGS);
    const ended = finished(run);
    await away.promise;
    run.kill("SIGKILL");
    const killed = await ended;
    assertStringIncludes(await spooledText(place), "Bearer ***", "results wait in the spool");
    await assertNoCanary(place, [killed.stdout, killed.stderr]);
    proxy.faults.dropsAnswer = () => false;
    proxy.start();
    const again = await place.dotevals(...ARGS);
    assertStringIncludes(again.stderr, "of an earlier session delivered");
    const { stdout } = await place.dotevals("show", "e", "--json", "--full");
    assertStringIncludes(stdout, "Bearer ***");
    await assertNoCanary(place, [again.stdout, again.stderr, stdout]);
  },
});

async function spooledText(place: Workplace): Promise<string> {
  const files = await walk(join(place.folder, ".dotevals", "spool"));
  return (await Promise.all(files.map((path) => Deno.readTextFile(path)))).join("\n");
}
