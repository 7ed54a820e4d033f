import { assertEquals, assertStrictEquals } from "@std/assert";
import type { EvaluationId } from "../storage/stored_evaluation.ts";
import type { ItemKey, ItemRecordDraft } from "../storage/stored_record.ts";
import { Secrets } from "../secrets.ts";
import { bareCall } from "../storage/testing/bare_call.ts";
import { eventWithoutSecrets, withoutSecrets } from "./secrets.ts";

const SECRET = "sk-canary-1234567890";

function secretsOf(...values: readonly string[]): Secrets {
  const secrets = new Secrets();
  for (const value of values) secrets.add(value);
  return secrets;
}

function record(changes: Partial<ItemRecordDraft> = {}): ItemRecordDraft {
  return {
    evaluation: 1 as EvaluationId,
    key: "0".repeat(32) as ItemKey,
    repeat: 0,
    position: 0,
    row: '"row"',
    prompt: undefined,
    response: undefined,
    error: undefined,
    metadata: undefined,
    attempts: 1,
    startedAt: 0,
    durationMs: 0,
    scores: [],
    calls: [],
    ...changes,
  };
}

const CALL = bareCall({
  model: "echo:",
  latencyMs: 1,
});

Deno.test("withoutSecrets() masks a secret wherever a record may hold it", () => {
  const held = `says ${SECRET} here`;
  const masked = withoutSecrets(
    record({
      row: held,
      prompt: held,
      response: held,
      metadata: held,
      error: { name: "AuthenticationError", message: held, stack: held },
      scores: [
        { name: "s", value: held, metadata: held },
        { name: "t", value: { a: held, b: 1 }, metadata: undefined },
      ],
      calls: [{ ...CALL, request: held, response: held, error: held }],
    }),
    secretsOf(SECRET),
  );
  assertEquals(JSON.stringify(masked).includes(SECRET), false);
  assertEquals(masked.error?.message, "says *** here");
});

Deno.test("withoutSecrets() masks a secret that only a call holds", () => {
  const [call] = withoutSecrets(
    record({ calls: [CALL, { ...CALL, error: `AuthenticationError: ${SECRET}` }] }),
    secretsOf(SECRET),
  ).calls.slice(1);
  assertEquals(call, { ...CALL, error: "AuthenticationError: ***" });
});

Deno.test("withoutSecrets() leaves a record without secrets as it is", () => {
  const plain = record({ response: '"a short abc"' });
  assertStrictEquals(withoutSecrets(plain, secretsOf(SECRET, "abc")), plain);
});

Deno.test("eventWithoutSecrets() masks the words of an event", () => {
  const text = `refused ${SECRET}`;
  const masked = eventWithoutSecrets(
    { type: "message", level: "warn", text, hint: text, source: "openai" },
    secretsOf(SECRET),
  );
  assertEquals(masked, {
    type: "message",
    level: "warn",
    text: "refused ***",
    hint: "refused ***",
    source: "openai",
  });
});
