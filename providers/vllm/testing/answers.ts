/**
 * What the stand-in answers.
 *
 * @module
 */
import example from "../../example.ts";

/** What stands behind the last colon of the prompt. */
export function lastWords(prompt: string): Promise<string> {
  return Promise.resolve(prompt.split(":").at(-1)?.trim() ?? "");
}

/** The answer of `example:arithmetic`. */
export async function solved(prompt: string): Promise<string> {
  await using handle = await example.setup("arithmetic", {
    config: {},
    env: () => undefined,
    signal: new AbortController().signal,
    log() {},
  });
  return (await handle.model.generate(prompt)).text;
}
