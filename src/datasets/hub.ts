/**
 * The Hugging Face hub, and how it is asked.
 *
 * @module
 */
import { DatasetError } from "./dataset_error.ts";
import type { RemoteOptions } from "./request.ts";

/** How the hub is asked. */
export interface HubOptions extends Omit<RemoteOptions, "headers"> {
  /**
   * The hub, or a mirror of it.
   *
   * @default {"https://huggingface.co"}
   */
  readonly baseUrl?: string | undefined;
  /**
   * The server of the rows endpoint.
   *
   * @default {"https://datasets-server.huggingface.co"}
   */
  readonly rowsUrl?: string | undefined;
  /** The token for a dataset that is not public; sent to these two servers only. */
  readonly token?: string | undefined;
  /** A commit, branch or tag of the dataset's repository; its Parquet files are read. */
  readonly revision?: string | undefined;
  /**
   * What is read: `"parquet"` downloads the split's files; `"rows"` asks for 100 rows at a time, which is quicker
   * for a few rows of a large split.
   *
   * @default {"parquet"}
   */
  readonly via?: "parquet" | "rows" | undefined;
}

/** One split on the hub. */
export interface HubSplit extends HubOptions {
  readonly repository: string;
  readonly config: string;
  readonly split: string;
}

/** How a URL is asked for: with the token only where it is the hub's own. */
export function optionsFor(url: string, hub: string, part: HubSplit): RemoteOptions {
  const { token, cache, onNote } = part;
  const own = new URL(url).origin === new URL(hub).origin;
  return {
    cache,
    onNote,
    ...token !== undefined && own && { headers: { authorization: `Bearer ${token}` } },
  };
}

/** The error where the hub does not have what was asked for. */
export function notOnHub({ repository, config, split }: HubSplit, cause?: unknown): DatasetError {
  return new DatasetError(
    `The hub has no split "${split}" of the config "${config}" in ${repository}.`,
    {
      code: "dataset-missing",
      path: repository,
      hint: "The dataset's page on the hub names its configs (subsets) and splits.",
      cause,
    },
  );
}
