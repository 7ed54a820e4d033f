import { assertEquals } from "@std/assert";
import { KEY_VARIABLES, Secrets } from "./secrets.ts";

Deno.test("secrets are masked as they are, within JSON and within URLs", () => {
  const secrets = new Secrets();
  const secret = 'canary "1\\2" +3';
  secrets.add(secret);
  for (const text of [secret, JSON.stringify({ a: secret }), `?t=${encodeURIComponent(secret)}`]) {
    assertEquals(secrets.isIn(text), true);
    assertEquals(secrets.isIn(secrets.mask(text)), false);
  }
  assertEquals(secrets.mask(`say ${secret}!`), "say ***!");
});

Deno.test("a secret that is part of another one leaves nothing of the longer one", () => {
  const secrets = new Secrets();
  secrets.add("sk-canary");
  secrets.add("sk-canary-1234");
  assertEquals(secrets.mask("sk-canary-1234 and sk-canary"), "*** and ***");
});

Deno.test("a text without secrets stays what it is, also where a variable holds an ordinary word", () => {
  const secrets = Secrets.of((name) => name === "HF_TOKEN" ? "none" : undefined);
  assertEquals(secrets.mask("none of these"), "none of these");
});

Deno.test("the values of well-known key variables are secrets", () => {
  const secrets = Secrets.of((name) => `the value of ${name}`);
  for (const name of KEY_VARIABLES) assertEquals(secrets.mask(`the value of ${name}`), "***");
});
