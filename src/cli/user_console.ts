/**
 * What the user's code prints while evaluations run: standard output is for results alone.
 *
 * @module
 */
import process from "node:process";
import type { LogLevel } from "../providers/provider.ts";
import { withoutAnsi } from "../without_ansi.ts";

/** Takes in what one call of `console` printed. */
export type PrintListener = (printed: { readonly level: LogLevel; readonly text: string }) => void;

const LEVELS: Readonly<Record<string, LogLevel>> = {
  debug: "debug",
  warn: "warn",
  error: "error",
  assert: "error",
  trace: "error",
};

/** Hands all that `console` prints to a listener instead; disposing it gives `console` back. */
export function divertConsole(listen: PrintListener): Disposable {
  const original = { ...console };
  let made: Console | undefined;
  let level: LogLevel = "info";
  function printed(text: string): void {
    listen({ level, text: withoutAnsi(text).replace(/\n$/, "") });
  }
  for (const [name, value] of Object.entries(original)) {
    if (!isPrinting(name, value)) continue;
    const method = (...args: readonly unknown[]): void => {
      level = LEVELS[name] ?? "info";
      made ??= makeConsole(printed);
      Reflect.apply(Reflect.get(made, name), made, args);
    };
    Reflect.set(console, name, method);
  }
  return {
    [Symbol.dispose]() {
      Object.assign(console, original);
    },
  };
}

const PRINTING: readonly string[] = [
  ...["log", "debug", "info", "dir", "dirxml", "warn", "error", "assert", "count", "countReset"],
  ...["table", "time", "timeLog", "timeEnd", "group", "groupCollapsed", "groupEnd", "trace"],
  "clear",
];

function isPrinting(name: string, value: unknown): boolean {
  return PRINTING.includes(name) && typeof value === "function";
}

/** A console that formats as ever; most runs print nothing, and load none of this. */
function makeConsole(write: (text: string) => void): Console {
  const { Console } = process.getBuiltinModule("node:console");
  const { Writable } = process.getBuiltinModule("node:stream");
  const stream = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      write(String(chunk));
      done();
    },
  });
  return new Console({ stdout: stream, stderr: stream });
}
