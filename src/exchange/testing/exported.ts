/**
 * Experiments as they are exported and imported, for tests.
 *
 * @module
 */
import type { Storage } from "../../storage/storage.ts";
import { openStorage } from "../../storage/open.ts";
import { FakeClock } from "../../testing/fake_clock.ts";
import { reportExperiment } from "../../report/experiment_report.ts";
import { reporter } from "../../report/reporters/jsonl.ts";
import { csvText } from "../csv_export.ts";
import type { Format } from "../format.ts";
import { importExperiment, type ImportOutcome } from "../import_experiment.ts";
import { jsonDocument } from "../json_document.ts";
import { openImport } from "../open_import.ts";
import { parquetBytes } from "../parquet_export.ts";

/** An empty storage in memory. */
export async function emptyStorage(): Promise<Storage> {
  return await openStorage("memory:", { mode: "write", clock: new FakeClock() });
}

/** The file of an experiment. */
export async function exported(
  storage: Storage,
  experiment: string,
  format: Format,
): Promise<Uint8Array<ArrayBuffer>> {
  const report = await reportExperiment(storage, experiment);
  const source = { report, storage };
  const lines = () => reporter({ ...source, folder: "" });
  const pieces = {
    jsonl: lines,
    json: () => jsonDocument(lines()),
    csv: () => csvText(source),
    parquet: () => parquetBytes(source),
  };
  const parts = await Array.fromAsync<string | Uint8Array>(pieces[format]());
  return await new Blob(parts as BlobPart[]).bytes();
}

/** What an import came to. */
export interface Imported extends ImportOutcome {
  readonly notices: readonly string[];
}

/** Imports a file or a folder. */
export async function importPath(
  storage: Storage,
  path: string,
  { name, format }: { readonly name?: string; readonly format?: Format } = {},
): Promise<Imported> {
  const source = await openImport(path, { given: path, format });
  const notices: string[] = [];
  const outcome = await importExperiment(storage, source.entries(), {
    name: name ?? source.name,
    holder: { host: "test", pid: 1, version: "0.1.0", denoVersion: "2" },
    onNotice: (text) => notices.push(text),
  });
  return { ...outcome, notices };
}

/** Imports the bytes of a file. */
export async function importBytes(
  storage: Storage,
  bytes: Uint8Array<ArrayBuffer>,
  { name, format }: { readonly name?: string; readonly format: Format },
): Promise<Imported> {
  const path = await Deno.makeTempFile({ suffix: `.${format}` });
  try {
    await Deno.writeFile(path, bytes);
    return await importPath(storage, path, { format, ...name !== undefined && { name } });
  } finally {
    await Deno.remove(path);
  }
}
