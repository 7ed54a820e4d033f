/**
 * A world for commands that remembers what was written.
 *
 * @module
 */
import { FakeClock } from "../../testing/fake_clock.ts";
import type { CommandIo, TextSink } from "../command.ts";

/** What tests choose about the world. */
export interface FakeIoOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** A terminal of this width; no terminal without it. */
  readonly columns?: number;
  readonly color?: boolean;
  /** The answers to questions, in order; nobody is there to answer without them. */
  readonly answers?: readonly boolean[];
}

/** A fake world, and what it remembers. */
export interface FakeIo extends CommandIo {
  readonly out: () => string;
  readonly err: () => string;
  readonly questions: string[];
}

/** Makes a world. */
export function fakeIo(options: FakeIoOptions = {}): FakeIo {
  const { env = {}, columns, color = false, answers } = options;
  let out = "";
  let err = "";
  const questions: string[] = [];
  const sink = (write: (text: string) => void): TextSink => ({
    write,
    writeBytes: (bytes) => write(new TextDecoder().decode(bytes)),
    isTerminal: columns !== undefined,
    size: columns === undefined ? undefined : { columns, rows: 24 },
    color,
  });
  return {
    stdout: sink((text) => {
      out += text;
    }),
    stderr: sink((text) => {
      err += text;
    }),
    program: "dotevals",
    cwd: "/",
    env: (name) => env[name],
    confirm: answers && ((question) => {
      questions.push(question);
      return answers[questions.length - 1] ?? false;
    }),
    debug: false,
    clock: new FakeClock(),
    out: () => out,
    err: () => err,
    questions,
  };
}
