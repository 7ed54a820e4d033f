/**
 * Cases of calls that are answered.
 *
 * @module
 */
import type { ModelResponse } from "../model.ts";
import type { ConformanceCase } from "./case.ts";
import { check } from "./check.ts";
import { checkText } from "./trial.ts";

const CALLS = 16;

/** Calls that are answered. */
export const callCases: readonly ConformanceCase[] = [
  {
    name: "answer",
    sentence: "sets a model up, which answers a prompt",
    situation: "answers",
    async run(trial) {
      const handle = await trial.setUp();
      check(handle.resourceId !== "", "a handle's resourceId must name what was set up");
      await trial.ask(handle, 0);
    },
  },
  {
    name: "one-setup",
    sentence: "answers call after call from one setup",
    situation: "answers",
    async run(trial) {
      const handle = await trial.setUp();
      for (let n = 0; n < 3; n++) await trial.ask(handle, n);
      const { created } = await trial.endpoint.resources?.() ?? { created: 1 };
      check(created === 1, `one setup must create one resource; there were ${created}`);
      await handle.teardown();
      await trial.nothingLeft();
    },
  },
  {
    name: "two-setups",
    sentence: "keeps two setups apart: one goes on when the other is torn down",
    situation: "answers",
    async run(trial) {
      const [first, second] = await Promise.all([trial.setUp(), trial.setUp()]);
      await Promise.all([trial.ask(first, 0), trial.ask(second, 1)]);
      await first.teardown();
      await trial.ask(second, 2);
    },
  },
  {
    name: "messages",
    sentence: "answers a request of messages and parts as it answers a prompt",
    situation: "answers",
    async run(trial) {
      const handle = await trial.setUp();
      const { prompt, answer } = trial.options.question(0);
      checkText(
        await handle.model.generate({
          messages: [{ role: "user", content: [{ type: "text", text: prompt }] }],
        }),
        answer,
      );
    },
  },
  {
    name: "concurrency",
    sentence: `makes ${CALLS} calls at once, each of which gets its own answer`,
    situation: "holds",
    async run(trial) {
      const handle = await trial.setUp();
      const calls = Promise.all(ids().map((n) => trial.ask(handle, n)));
      calls.catch(() => {});
      await trial.underWay(CALLS);
      await trial.endpoint.release?.();
      await trial.within(calls, "all calls must be answered");
    },
  },
  {
    name: "usage",
    sentence: "says how many tokens and milliseconds a call took",
    situation: "answers",
    async run(trial) {
      const response = await trial.ask(await trial.setUp(), 0);
      for (const name of ["inputTokens", "outputTokens"] as const) {
        const tokens = response.usage?.[name];
        check(isCount(tokens), `usage.${name} must be a count; it is ${tokens}`);
      }
      for (const name of ["cachedTokens", "reasoningTokens"] as const) {
        const tokens = response.usage?.[name];
        check(tokens === undefined || isCount(tokens), `usage.${name} is ${tokens}`);
      }
      checkTimes(response);
    },
  },
  {
    name: "streaming",
    sentence: "reads an answer piece by piece, and says when the first one came",
    situation: "answers",
    async run(trial) {
      const handle = await trial.setUp();
      const { timeToFirstTokenMs } = await trial.ask(handle, 0);
      check(
        timeToFirstTokenMs !== undefined,
        "an answer that is streamed must say its timeToFirstTokenMs; leave the case out where none is",
      );
    },
  },
  {
    name: "embed",
    sentence: "gives one vector for each text, in their order",
    situation: "answers",
    async run(trial) {
      const { model } = await trial.setUp();
      check(model.embed !== undefined, "there is no embed: leave the case out");
      const vectors = await model.embed(["one", "two", "one"]);
      check(vectors.length === 3, `3 texts must have 3 vectors; there are ${vectors.length}`);
      const numbers = vectors.flat();
      check(numbers.length > 0 && numbers.every(Number.isFinite), "a vector must hold numbers");
      const [one, two, again] = vectors.map(String);
      check(one === again && one !== two, "vectors must be in the order of their texts");
    },
  },
  {
    name: "generate-batch",
    sentence: "answers the requests of a batch in their order",
    situation: "answers",
    async run(trial) {
      const { model } = await trial.setUp();
      check(model.generateBatch !== undefined, "there is no generateBatch: leave the case out");
      const questions = [0, 1, 2].map(trial.options.question);
      const responses = await model.generateBatch(questions.map(({ prompt }) => prompt));
      check(responses.length === 3, `3 requests must have 3 answers, not ${responses.length}`);
      responses.forEach((response, n) => checkText(response, questions[n]?.answer ?? ""));
    },
  },
];

function ids(): readonly number[] {
  return Array.from({ length: CALLS }, (_, n) => n);
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && Number(value) >= 0;
}

function checkTimes({ latencyMs, timeToFirstTokenMs }: ModelResponse): void {
  for (const time of [latencyMs, timeToFirstTokenMs]) {
    check(time === undefined || time >= 0, `a time must be milliseconds; it is ${time}`);
  }
  if (latencyMs === undefined || timeToFirstTokenMs === undefined) return;
  check(
    timeToFirstTokenMs <= latencyMs,
    `the first token (${timeToFirstTokenMs} ms) cannot come after the answer (${latencyMs} ms)`,
  );
}
