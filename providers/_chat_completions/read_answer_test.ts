import { assert } from "@std/assert";
import { chunks } from "../openai/testing/answers.ts";
import { readAnswer } from "./read_answer.ts";

Deno.test("readAnswer() takes the first token's time when it comes, not the empty event before it", async () => {
  const bytes = new TextEncoder();
  const pieces = chunks([{ content: "4" }, { content: "2" }]);
  /** When the reader asked for each piece: it had dealt with the one before. */
  const asked: number[] = [];
  const body = new ReadableStream({
    type: "bytes",
    async pull(controller) {
      // Time passes before a piece is there.
      for (const until = performance.now() + 2; performance.now() < until;) await Promise.resolve();
      asked.push(performance.now());
      const piece = pieces[asked.length - 1];
      if (piece === undefined) controller.close();
      else controller.enqueue(bytes.encode(piece));
      controller.byobRequest?.respond(0);
    },
  });
  const headers = { "content-type": "text/event-stream" };
  const { firstTokenAt = NaN, endedAt } = await readAnswer(new Response(body, { headers }), []);
  const [, token = NaN, next = NaN] = asked;
  assert(token <= firstTokenAt && firstTokenAt <= next, `${firstTokenAt} ${asked}`);
  assert(next < endedAt);
});
