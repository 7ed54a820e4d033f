/**
 * Finds out what a file or folder holds, and reads it.
 *
 * @module
 */
import { join } from "@std/path/join";
import { DotevalsError } from "../errors.ts";
import { entriesOfCsv } from "./csv_import.ts";
import type { Entry } from "./entry.ts";
import { type Format, formatOf } from "./format.ts";
import { entriesOfDocument, entriesOfLines } from "./lines_import.ts";
import { entriesOfPython, isPythonFile } from "./python_import.ts";

/** What an experiment is imported from. */
export interface ImportSource {
  /** What the experiment is called there, or the file. */
  readonly name: string;
  /** What it consists of, as it is read. */
  entries(): AsyncIterable<Entry>;
}

/** Options of {@linkcode openImport}. */
export interface OpenImportOptions {
  /** The path as the user gave it. */
  readonly given: string;
  /** The format, where the file's name does not say it. */
  readonly format: Format | undefined;
}

/**
 * Opens a file, or the folder of an experiment of the Python dotevals.
 *
 * @throws {DotevalsError} `import-missing` or `import-invalid`
 */
export async function openImport(
  path: string,
  { given, format = formatOf(path) }: OpenImportOptions,
): Promise<ImportSource> {
  const info = await Deno.stat(path).catch(() => undefined);
  if (info === undefined) {
    throw new DotevalsError(`There is no file "${given}".`, {
      code: "import-missing",
      hint: "Name a file that dotevals export wrote, or a folder of the Python dotevals.",
    });
  }
  if (info.isDirectory) return await pythonFolder(path, given);
  if (format === undefined) {
    throw new DotevalsError(`The name "${given}" does not say how the file is written.`, {
      code: "import-format",
      hint: "Add --format jsonl, csv, parquet or json.",
    });
  }
  if (format === "jsonl" && await isPythonFile(path)) {
    return { name: stemOf(path), entries: () => entriesOfPython(path) };
  }
  const entries = await entriesOf(format, path);
  return { name: await nameIn(entries()) ?? stemOf(path), entries };
}

async function pythonFolder(path: string, given: string): Promise<ImportSource> {
  const names = (await Array.fromAsync(Deno.readDir(path)))
    .filter(({ name, isFile }) => isFile && name.endsWith(".jsonl"))
    .map(({ name }) => join(path, name)).toSorted();
  if (names.length === 0) {
    throw new DotevalsError(`The folder "${given}" holds no .jsonl files.`, {
      code: "import-missing",
      hint: "The Python dotevals keeps an experiment in a folder: .dotevals/EXPERIMENT",
    });
  }
  return {
    name: stemOf(path),
    async *entries() {
      for (const name of names) yield* entriesOfPython(name);
    },
  };
}

async function entriesOf(format: Format, path: string): Promise<() => AsyncIterable<Entry>> {
  switch (format) {
    case "jsonl":
      return () => entriesOfLines(path);
    case "json":
      return () => entriesOfDocument(path);
    case "csv":
      return () => entriesOfCsv(path);
    case "parquet": {
      // Through a variable: what a literal names is loaded at the start.
      const specifier = "./parquet_import.ts";
      const { entriesOfParquet }: typeof import("./parquet_import.ts") = await import(specifier);
      return () => entriesOfParquet(path);
    }
  }
}

/** The experiment's name, which stands first where there is one. */
async function nameIn(entries: AsyncIterable<Entry>): Promise<string | undefined> {
  for await (const entry of entries) return entry.type === "experiment" ? entry.name : undefined;
  return undefined;
}

/** The name of a file without its folders and extensions. */
function stemOf(path: string): string {
  const name = path.replace(/\/+$/, "").split("/").at(-1) ?? path;
  return name.replace(/\.gz$/i, "").replace(/\.[a-z]+$/i, "") || name;
}
