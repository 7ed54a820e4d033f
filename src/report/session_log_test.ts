import { assert, assertEquals, assertThrows } from "@std/assert";
import { DotevalsError } from "../errors.ts";
import type { RunEvent } from "../run/events.ts";
import { Secrets } from "../secrets.ts";
import { logTo, openSessionLog, type SessionLogOptions } from "./session_log.ts";
import { FakeClock } from "../testing/fake_clock.ts";
import { finished, record, ref, started } from "./testing/session_events.ts";

const accuracy = ref("accuracy", { when: new Date(0) });

const EVENTS: readonly RunEvent[] = [
  { type: "session-started", experiment: "demo", storage: "memory:", resumed: false },
  started(accuracy, 2),
  { type: "message", level: "debug", text: "GET /v1", source: "openai" },
  { type: "model-ready", model: "m", resourceId: "http://h" },
  {
    type: "items-committed",
    evaluation: accuracy,
    records: [record(0)],
    completed: 1,
    errors: 0,
    metrics: [],
  },
  {
    type: "items-committed",
    evaluation: accuracy,
    records: [record(1, {
      row: '"private"',
      error: { name: "Error", message: "refused sk-secret-1", stack: undefined },
      scores: [{ name: "s", value: NaN, metadata: undefined }],
    })],
    completed: 2,
    errors: 1,
    metrics: [],
  },
  finished(accuracy, 2, { end: "failed" }),
];

function logged(options: Partial<SessionLogOptions> = {}): Record<string, unknown>[] {
  const lines: string[] = [];
  const listen = logTo((line) => lines.push(line), { clock: new FakeClock(), ...options });
  for (const event of EVENTS) listen(event);
  assert(lines.every((line) => line.endsWith("\n") && line.indexOf("\n") === line.length - 1));
  return lines.map((line) => JSON.parse(line));
}

Deno.test("logTo() writes every event as a line with time, level and type", () => {
  const lines = logged({ level: "debug" });
  assertEquals(lines.map(({ level, type }) => [level, type]), [
    ["info", "session-started"],
    ["info", "evaluation-started"],
    ["debug", "message"],
    ["info", "model-ready"],
    ["debug", "items-committed"],
    ["warn", "items-committed"],
    ["error", "evaluation-finished"],
  ]);
  assertEquals(lines[0]?.time, "2026-01-31T12:00:00.000Z");
  assertEquals(lines[1]?.evaluation, {
    name: "accuracy",
    variant: { when: { $type: "Date", value: "1970-01-01T00:00:00.000Z" } },
    label: accuracy.label,
  });
  assertEquals(lines[2]?.source, "openai");
});

Deno.test("logTo() leaves out what is below its level", () => {
  assertEquals(logged({ level: "error" }).map(({ type }) => type), ["evaluation-finished"]);
  assertEquals(logged().some(({ level }) => level === "debug"), false);
});

Deno.test("logTo() says how items went, without their rows, and masks secrets", () => {
  const secrets = new Secrets();
  const lines: string[] = [];
  const listen = logTo((line) => lines.push(line), { clock: new FakeClock(), secrets });
  for (const secret of ["sk-secret", "sk-secret-1", "1"]) secrets.add(secret);
  for (const event of EVENTS) listen(event);
  const text = lines.join("");
  assert(!text.includes("sk-secret") && !text.includes("private"));
  const commit = lines.map((line) => JSON.parse(line)).find(({ type }) =>
    type === "items-committed"
  );
  assertEquals(commit.records, [{
    key: "00000000000000000000000000000001",
    position: 1,
    repeat: 0,
    attempts: 1,
    startedAt: "1970-01-01T00:00:00.000Z",
    durationMs: 5,
    scores: { s: { $type: "number", value: "NaN" } },
    error: { name: "Error", message: "refused ***" },
  }]);
});

Deno.test("openSessionLog() adds lines to a file, each at once", async () => {
  const folder = await Deno.makeTempDir();
  const path = `${folder}/log.jsonl`;
  try {
    for (const before of [0, EVENTS.length]) {
      using log = openSessionLog(path, { clock: new FakeClock(), level: "debug" });
      for (const [index, event] of EVENTS.entries()) {
        log.listen(event);
        const lines = (await Deno.readTextFile(path)).trimEnd().split("\n");
        assertEquals(lines.length, before + index + 1);
      }
      assertEquals(log.failure, undefined);
    }
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("openSessionLog() says which file it could not open", () => {
  const error = assertThrows(
    () => openSessionLog("/nowhere/log.jsonl", { clock: new FakeClock() }),
    DotevalsError,
    "/nowhere/log.jsonl",
  );
  assertEquals(error.exitCode, 2);
});

Deno.test({
  name: "openSessionLog() goes quiet on a full disk and says why, instead of ending the session",
  ignore: Deno.build.os !== "linux",
  fn() {
    using log = openSessionLog("/dev/full", { clock: new FakeClock() });
    for (const event of EVENTS) log.listen(event);
    assert(log.failure instanceof Error);
  },
});
