/**
 * `dotevals providers test`: sets a model up, asks it once, and tears it down.
 *
 * @module
 */
import { DotevalsError } from "../errors.ts";
import { parseModels } from "../providers/options.ts";
import { setUpModel } from "../providers/set_up.ts";
import { safeJson } from "../report/json_text.ts";
import { plain, plainLines } from "../report/plain_text.ts";
import { Prices } from "../run/prices.ts";
import { Secrets } from "../secrets.ts";
import type { Command, CommandIo } from "./command.ts";
import { onInterrupt } from "./interrupt.ts";
import { parseOptions, wordsFor } from "./options.ts";
import { triedFailure, triedLines } from "./tried_model.ts";
import { tryModel } from "./try_model.ts";

const options = {
  "model-option": {
    type: "texts",
    value: "key=VALUE",
    summary: "an option of the model's provider; may be given several times",
  },
  prompt: { type: "text", value: "TEXT", summary: "what to ask; a short question by default" },
  json: { type: "flag", summary: "print JSON, as docs/command.md describes it" },
} as const;

const PROMPT = "Answer with one word: what is the capital of France?";

/** The version of the document that `--json` prints. */
const JSON_VERSION = 1;

/** The command. */
export const command: Command = {
  name: "providers test",
  summary: "Set a model up, ask it once, and show what came back.",
  usage: "SPEC [options]",
  help: `
Makes one real call, and tears the model down. Ends with 0 where it answered, with 1 where the call
failed, with 3 where the model could not be set up or torn down.

Example:
  dotevals providers test openai:qwen --model-option baseUrl=http://127.0.0.1:8000/v1`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "providers test", options }, args);
  const [given = ""] = wordsFor(words, { command: "providers test", names: ["SPEC"] });
  const [spec] = parseModels({
    models: [given],
    options: values["model-option"].map((option) => `${nameOf(given)}.${option}`),
  });
  if (spec === undefined) throw new TypeError("one argument is one model");
  const secrets = Secrets.of(io.env);
  const stop = new AbortController();
  using _interrupt = onInterrupt({
    first: () => stop.abort(new DotevalsError("Interrupted.", INTERRUPTED)),
    again: () => Deno.exit(130),
  });
  const tried = await tryModel({
    prompt: values.prompt ?? PROMPT,
    signal: stop.signal,
    prices: new Prices({ onMissing: () => io.stderr.write("There are no prices: offline?\n") }),
    setUp: (signal) =>
      setUpModel(spec, {
        cwd: io.cwd,
        program: io.program,
        signal,
        env: io.env,
        onSecret: (secret) => secrets.add(secret),
        log: (level, message) => {
          if (level === "debug") return;
          for (const line of plainLines(secrets.mask(message))) io.stderr.write(`${line}\n`);
        },
      }),
  });
  if (stop.signal.aborted) throw stop.signal.reason;
  const failure = triedFailure(tried, { spec: plain(given) });
  if (values.json) {
    const { message, code, hint } = failure ?? {};
    const error = failure ? { code, message, ...hint && { hint } } : null;
    const document = { version: JSON_VERSION, spec: given, ...tried.measured, error };
    io.stdout.write(`${safeJson(secrets.mask(JSON.stringify(document)))}\n`);
  } else {
    const lines = triedLines(tried.measured).flatMap((line) => plainLines(secrets.mask(line)));
    if (lines.length > 0) io.stdout.write(`${lines.join("\n")}\n`);
  }
  if (failure === undefined) return 0;
  const { message, code, hint, exitCode, cause } = failure;
  throw new DotevalsError(secrets.mask(message), {
    code,
    hint: hint && secrets.mask(hint),
    exitCode,
    cause,
  });
}

const INTERRUPTED = { code: "interrupted", exitCode: 130 } as const;

/** What `parseModels` calls the model: of `NAME=SPEC` the name. */
function nameOf(given: string): string {
  return parseModels({ models: [given], options: [] })[0]?.name ?? given;
}
