import { dirname } from "@std/path/dirname";
import { resolve } from "@std/path/resolve";
import { type Block, codeBlocks } from "./blocks.ts";
import { matchesOutput } from "./expected_output.ts";
import type { Finished } from "../finished.ts";
import { runDeno, runShell } from "./commands.ts";
import { runSql } from "./sql.ts";

/** What became of a page's code blocks. */
export interface PageOutcome {
  readonly found: number;
  readonly run: number;
  readonly skipped: number;
  /** What is wrong with the blocks, each with its line. */
  readonly failures: readonly string[];
}

/** Where the blocks of a page are run, and what those before did. */
interface Scratch {
  readonly folder: string;
  ran?: Finished | undefined;
}

const ATTRIBUTES = ["file", "skip", "output", "exit", "empty"];

/**
 * Executes every code block of `page`, Markdown, in `folder`, which must exist and be empty.
 *
 * `ts` is checked and run, `sh` and `bash` are run with this Deno as `deno`, `sql` is executed on the
 * page's `.dotevals/dotevals.db`, `json` and `jsonl` are parsed. A block's info string may say more:
 *
 * - `file=PATH` writes the block to a file for the blocks after it; `ts` is then checked, not run;
 * - `output` compares the block with what the one before it printed to standard output, `output=stderr`
 *   to standard error; `…` stands for any text, alone on a line for any lines;
 * - `exit=N` expects that exit status; `empty` gives a `sql` block an empty database;
 * - `skip="REASON"` is the only way not to run a block.
 */
export async function runPage(page: string, folder: string): Promise<PageOutcome> {
  const blocks = codeBlocks(page);
  const scratch: Scratch = { folder };
  const failures: string[] = [];
  let run = 0;
  let skipped = 0;
  for (const block of blocks) {
    const problem = await runBlock(block, scratch);
    if (problem !== undefined) failures.push(`line ${block.line}: ${problem}`);
    if (block.attributes.has("skip")) skipped++;
    else run++;
  }
  return { found: blocks.length, run, skipped, failures };
}

/** Executes one block; returns what is wrong with it. */
async function runBlock(block: Block, scratch: Scratch): Promise<string | undefined> {
  const { language, attributes, text, line } = block;
  const unknown = [...attributes.keys()].find((name) => !ATTRIBUTES.includes(name));
  if (unknown !== undefined) return `unknown attribute "${unknown}"`;
  const execute = LANGUAGES[language];
  if (execute === undefined) return `a block of the unknown language "${language}"`;
  if (attributes.has("output")) return compare(block, scratch.ran);
  scratch.ran = undefined;
  if (attributes.has("skip")) {
    return attributes.get("skip") === "" ? "a block is skipped without a reason" : undefined;
  }
  const file = attributes.get("file");
  if (file !== undefined) await write(resolve(scratch.folder, file), text);
  const ran = await execute({
    folder: scratch.folder,
    text,
    file,
    name: file ?? `block_${line}.ts`,
    empty: attributes.has("empty"),
  });
  scratch.ran = ran;
  const expected = Number(attributes.get("exit") ?? 0);
  if (ran.code === expected) return undefined;
  return `ended with code ${ran.code}, not ${expected}:\n${text}\n${ran.stdout}${ran.stderr}`;
}

function compare({ attributes, text }: Block, ran: Finished | undefined): string | undefined {
  if (attributes.has("skip")) return undefined;
  if (ran === undefined) return "output of a block that was not run: skip it too";
  const actual = attributes.get("output") === "stderr" ? ran.stderr : ran.stdout;
  if (matchesOutput(actual, text)) return undefined;
  return `the output differs. Shown:\n${text}\nActual:\n${actual}\nOther:\n${ran.stderr}`;
}

async function write(path: string, text: string): Promise<void> {
  await Deno.mkdir(dirname(path), { recursive: true });
  await Deno.writeTextFile(path, `${text}\n`);
}

interface Job {
  readonly folder: string;
  readonly text: string;
  /** The file that the block was written to, if it is to be a file. */
  readonly file: string | undefined;
  /** The file, or a name for one. */
  readonly name: string;
  readonly empty: boolean;
}

const LANGUAGES: Readonly<Record<string, (job: Job) => Finished | Promise<Finished>>> = {
  ts: runTypeScript,
  sh: ({ folder, text }) => runShell(text, folder),
  bash: ({ folder, text }) => runShell(text, folder),
  sql: ({ folder, text, empty }) => runSql(text, empty ? undefined : folder),
  json: (job) => parsed([job.text]),
  jsonl: (job) => parsed(job.text.split("\n")),
  csv: onlyAsFile,
  text: onlyAsFile,
};

/** Checks the types of a block that is a file, and checks and runs one that is not. */
async function runTypeScript({ folder, text, file, name }: Job): Promise<Finished> {
  if (file !== undefined) return await runDeno(["check", "-q", file], folder);
  await write(resolve(folder, name), text);
  return await runDeno(["run", "-A", "--check", name], folder);
}

function parsed(texts: readonly string[]): Finished {
  try {
    for (const text of texts) JSON.parse(text);
    return { code: 0, stdout: "", stderr: "" };
  } catch (error) {
    return { code: 1, stdout: "", stderr: String(error) };
  }
}

function onlyAsFile({ file }: Job): Finished {
  const stderr = file === undefined ? 'nothing executes this block: say "output" or "file="' : "";
  return { code: file === undefined ? 1 : 0, stdout: "", stderr };
}
