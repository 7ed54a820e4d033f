/**
 * `dotevals providers list`: the built-in providers and those that were granted, and whether what they need is there.
 *
 * @module
 */
import { BUILTIN_PROVIDERS, type BuiltinProvider } from "../providers/builtin_providers.ts";
import { LOCK_FILE, readLock } from "../providers/lock/lock_file.ts";
import { safeJson } from "../report/json_text.ts";
import { plain } from "../report/plain_text.ts";
import { type Style, styleOf } from "../report/style.ts";
import type { Command, CommandIo } from "./command.ts";
import { findExecutable } from "./find_executable.ts";
import { parseOptions, wordsFor } from "./options.ts";

const options = {
  json: { type: "flag", summary: "print JSON, as docs/command.md describes it" },
} as const;

/** The version of the document that `--json` prints. */
const JSON_VERSION = 1;

/** The command. */
export const command: Command = {
  name: "providers list",
  summary: "List the providers, and whether what they need is there.",
  usage: "[options]",
  help: `
Names the environment variables that a provider reads, the executables that it starts, and the hosts
that it asks. Not all of them are needed for every model. Providers from URLs are listed with what
they were granted. Loads none of them.

Example:
  dotevals providers list --json`,
  options,
  run,
};

async function run(args: readonly string[], io: CommandIo): Promise<number> {
  const { values, words } = parseOptions({ name: "providers list", options }, args);
  wordsFor(words, { command: "providers list", names: [] });
  const locked = [...await readLock(io.cwd)].map(([url, { name, grant }]) => ({
    name,
    spec: url,
    summary: `granted in ${LOCK_FILE}`,
    permissions: grant,
  }));
  const known = [...BUILTIN_PROVIDERS, ...locked];
  const providers = await Promise.all(known.map((provider) => stateOf(provider, io)));
  if (values.json) {
    io.stdout.write(`${safeJson(JSON.stringify({ version: JSON_VERSION, providers }))}\n`);
    return 0;
  }
  const style = styleOf(io.stdout.color);
  io.stdout.write(`${providers.flatMap((state) => linesOf(state, style)).join("\n")}\n`);
  return 0;
}

/** A provider, with what is there of what it needs. */
interface ProviderState {
  readonly name: string;
  readonly spec: string;
  readonly summary: string;
  readonly env: readonly { readonly name: string; readonly set: boolean }[];
  readonly run: readonly { readonly name: string; readonly path: string | null }[];
  readonly net: readonly string[];
}

async function stateOf(
  { name, spec, summary, permissions }: BuiltinProvider,
  { env }: CommandIo,
): Promise<ProviderState> {
  const executables = (permissions.run ?? []).map(async (name) => ({
    name,
    path: await findExecutable(name, { env }) ?? null,
  }));
  return {
    name,
    spec,
    summary,
    env: (permissions.env ?? []).map((name) => ({ name, set: Boolean(env(name)) })),
    run: await Promise.all(executables),
    net: permissions.net ?? [],
  };
}

function linesOf({ spec, summary, env, run, net }: ProviderState, style: Style): readonly string[] {
  const state = (there: boolean, text: string) => there ? style.green(text) : style.yellow(text);
  return [
    `${style.bold(plain(spec))}  ${summary}`,
    ...env.map(({ name, set }) =>
      `  variable    ${plain(name)}: ${state(set, set ? "set" : "not set")}`
    ),
    ...run.map(({ name, path }) =>
      `  executable  ${name}: ${state(path !== null, path === null ? "not found" : plain(path))}`
    ),
    ...net.length === 0 ? [] : [`  hosts       ${plain(net.join(", "))}`],
  ];
}
