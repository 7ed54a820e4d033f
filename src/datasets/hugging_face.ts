/**
 * Rows from the Hugging Face hub.
 *
 * @module
 */
import type { HubOptions, HubSplit } from "./hub.ts";
import { hubFiles } from "./hub_files.ts";
import { hubRows } from "./hub_rows.ts";
import { parquetRows } from "./parquet.ts";
import { stoppable } from "./stoppable.ts";

/** Options for {@linkcode huggingFace}. */
export interface HuggingFaceOptions extends HubOptions {
  /**
   * Which of the dataset's configurations ("subset" on its page).
   *
   * @default {"default"}
   */
  readonly config?: string;
  /**
   * Which part of it.
   *
   * @default {"train"}
   */
  readonly split?: string;
}

/**
 * The rows of a dataset on the Hugging Face hub, such as `"openai/gsm8k"`.
 *
 * Without `revision` these are the Parquet files that the hub makes of any dataset; with it, those in the
 * repository, which must be in `CONFIG/` or `data/` and named by the split. Files are kept under
 * `.dotevals/cache`, and read from there while the hub cannot be reached. The type of the rows is taken on trust.
 *
 * @throws {TypeError} for a `revision` of the rows endpoint, which has none
 * @throws {DatasetError} in the iteration: `dataset-missing` for a dataset, config or split that the hub does not have,
 * else as for `parquet`
 *
 * @example
 * ```ts
 * import { huggingFace } from "@dotevals/core";
 *
 * const rows = huggingFace<{ question: string; answer: string }>("openai/gsm8k", {
 *   config: "main",
 *   split: "test",
 *   revision: "main",
 * });
 * ```
 */
export function huggingFace<Row = Record<string, unknown>>(
  repository: string,
  options: HuggingFaceOptions = {},
): AsyncIterable<Row> {
  const part: HubSplit = { config: "default", split: "train", ...options, repository };
  if (part.via === "rows") {
    if (part.revision !== undefined) {
      throw new TypeError('huggingFace(): via: "rows" has no revisions; leave one of both out.');
    }
    return stoppable((signal) => hubRows<Row>(part, signal));
  }
  return stoppable((signal) => fileRows<Row>(part, signal));
}

async function* fileRows<Row>(part: HubSplit, signal: AbortSignal): AsyncGenerator<Row, void> {
  for (const { url, sha256, options } of await hubFiles(part, signal)) {
    yield* parquetRows<Row>(url, { ...options, sha256, signal });
    if (signal.aborted) return;
  }
}
