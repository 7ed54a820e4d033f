/**
 * The command's entry: parses, dispatches, and exits with a status.
 *
 * @module
 */
import { type CommandIo, OutputClosedError } from "./src/cli/command.ts";
import { commandHelp, COMMANDS, loadCommand, MAIN_OPTIONS, mainHelp } from "./src/cli/help.ts";
import { systemIo } from "./src/cli/terminal.ts";
import { DotevalsError, messageOf } from "./src/errors.ts";

/** Runs the command that the arguments name, and ends the process with its status. */
export async function main(args: readonly string[] = Deno.args): Promise<never> {
  const io = systemIo({ debug: args.includes("--debug") });
  let status: number;
  try {
    status = await dispatch(args, io);
  } catch (error) {
    status = await report(error, io);
  }
  // What user code left open must not keep a finished command from ending.
  Deno.exit(status);
}

async function dispatch(args: readonly string[], io: CommandIo): Promise<number> {
  const [name, ...rest] = args.filter((argument) => argument !== "--debug");
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    io.stdout.write(mainHelp());
    return name === undefined ? 2 : 0;
  }
  if (name === "--version" || name === "-V") {
    const { VERSION } = await import("./src/version.ts");
    io.stdout.write(`dotevals ${VERSION} (Deno ${Deno.version.deno})\n`);
    return 0;
  }
  if (!COMMANDS.some((command) => command.name === name)) throw await unknownCommand(name);
  const command = await loadCommand(name);
  const [word, ...others] = rest;
  const part = command.parts?.find(({ name }) => name === word);
  const found = part
    ? { command: await loadCommand(name, part), args: others }
    : { command, args: rest };
  if (rest.includes("--help") || rest.includes("-h")) {
    io.stdout.write(commandHelp(found.command));
    return 0;
  }
  return await found.command.run(found.args, io);
}

async function unknownCommand(name: string): Promise<DotevalsError> {
  const { nearest } = await load<typeof import("./src/nearest.ts")>("./src/nearest.ts");
  const isOption = name.startsWith("-");
  const known = isOption ? MAIN_OPTIONS : COMMANDS;
  const meant = nearest(name, known.map(({ name }) => name));
  const kind = isOption ? "option" : "command";
  return new DotevalsError(`There is no ${kind} ${name}.`, {
    code: "unknown-command",
    hint: `${meant ? `Did you mean ${meant}? ` : ""}"dotevals --help" lists the ${kind}s.`,
  });
}

/** Says what went wrong in a line or two, and returns the status to exit with. */
async function report(error: unknown, io: CommandIo): Promise<number> {
  if (error instanceof OutputClosedError) return 0;
  const { plainLines } = await load<typeof import("./src/report/plain_text.ts")>(
    "./src/report/plain_text.ts",
  );
  const { withoutAnsi } = await load<typeof import("./src/without_ansi.ts")>(
    "./src/without_ansi.ts",
  );
  io.stderr.write(`error: ${plainLines(withoutAnsi(messageOf(error))).join("\n")}\n`);
  if (error instanceof DotevalsError) {
    if (error.hint !== undefined) {
      io.stderr.write(`${plainLines(withoutAnsi(error.hint)).join("\n")}\n`);
    }
  } else if (!io.debug) io.stderr.write("Run it again with --debug for the stack.\n");
  if (io.debug && error instanceof Error) io.stderr.write(`${stackOf(error)}\n`);
  return error instanceof DotevalsError ? error.exitCode : 1;
}

/** Imports a file of ours when it is needed; a specifier that is written out is read at the start. */
async function load<Exports>(specifier: string): Promise<Exports> {
  return await import(specifier);
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\nCaused by: ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}

if (import.meta.main) await main();
