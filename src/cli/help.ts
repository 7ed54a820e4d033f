/**
 * The commands, and what `--help` says of them. Loads none of them, so that it is quick.
 *
 * @module
 */
import type { Command, CommandPart, CommandSummary } from "./command.ts";
import { GLOBAL_OPTIONS, type OptionSpec } from "./option_specs.ts";

const LINE = 100;

/** The commands, in the order in which people need them. */
export const COMMANDS: readonly CommandSummary[] = [
  { name: "run", summary: "Run evaluations, or go on with an experiment." },
  { name: "list", summary: "List the experiments." },
  { name: "show", summary: "Show what an experiment has come to." },
  {
    name: "compare",
    summary: "Compare experiments row by row: what differs, and how sure that is.",
  },
  { name: "gate", summary: "Fail where an experiment is not good enough." },
  { name: "export", summary: "Write an experiment to a file, with all that is recorded." },
  { name: "import", summary: "Bring an experiment in from a file." },
  { name: "rename", summary: "Rename an experiment." },
  { name: "delete", summary: "Delete an experiment with all its results." },
  { name: "storage", summary: "Check, shrink, update or copy a storage." },
  { name: "datasets", summary: "List the datasets that come with dotevals." },
  {
    name: "providers",
    summary: "List and try model providers, and grant those from URLs what they ask for.",
  },
];

/** What stands in the place of a command. */
export const MAIN_OPTIONS: readonly CommandSummary[] = [
  { name: "--help", summary: "show this help, or a command's: dotevals run --help" },
  { name: "--version", summary: "show the versions of dotevals and Deno" },
  { name: "--debug", summary: GLOBAL_OPTIONS.debug.summary },
];

/** Loads the file of a command (`show`) or of a part of one (`storage copy`), and nothing before. */
export async function loadCommand(name: string, part?: CommandPart): Promise<Command> {
  const file = part?.file ?? (part ? `${name}_${part.name}` : name);
  // Deno loads all files that a template in `import()` could name, at the start; a variable's none.
  const specifier = `./${file}.ts`;
  const loaded: { readonly command: Command } = await import(specifier);
  return loaded.command;
}

/** What `dotevals --help` prints. */
export function mainHelp(): string {
  return `dotevals: evaluate LLM systems

Usage: dotevals COMMAND [options]

Commands:
${table(COMMANDS.map(({ name, summary }) => [name, summary]))}

Options:
${table(MAIN_OPTIONS.map(({ name, summary }) => [name, summary]))}

Example:
  dotevals run evals/ --experiment first --model openai:gpt-4o-mini

Exit codes:
${
    table([
      ["0", "all went well"],
      ["1", "every item of some evaluation failed, or a gate did"],
      ["2", "wrong usage, nothing found, or a changed definition"],
      ["3", "the storage or a provider could not start"],
      ["4", "stopped early"],
      ["130", "interrupted"],
    ])
  }
`;
}

/** What `dotevals COMMAND --help` prints. */
export function commandHelp(command: Command): string {
  const options = Object.entries({ ...command.options, ...GLOBAL_OPTIONS });
  const parts = command.parts?.map(({ name, summary }) => [name, summary] as const) ?? [];
  return `${command.summary}

Usage: dotevals ${command.name} ${command.usage}

${parts.length === 0 ? "" : `Commands:\n${table(parts)}\n\n`}${command.help.trim()}

Options:
${table(options.map(([name, spec]) => [title(name, spec), spec.summary]))}
`;
}

function title(name: string, spec: OptionSpec): string {
  if (spec.type === "flag") return `--${name}`;
  const short = "short" in spec && spec.short !== undefined ? `-${spec.short}, ` : "";
  return `${short}--${name} ${spec.value}`;
}

/** Names beside what they mean; long texts go on under themselves. */
function table(rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const indent = `\n${" ".repeat(width + 4)}`;
  return rows
    .map(([name, text]) =>
      `  ${name.padEnd(width)}  ${wrapped(text, LINE - width - 4).join(indent)}`
    )
    .join("\n");
}

function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return lines;
}
