/**
 * What the thread of a local database and its owner say to each other.
 *
 * @module
 */
import type { SqlResult, Statement } from "./sql.ts";

/** What the owner asks for. */
export type WorkerRequest =
  & { readonly id: number }
  & (
    | { readonly type: "open"; readonly url: string }
    | {
      readonly type: "run";
      readonly statements: readonly Statement[];
      readonly mode: "read" | "write";
    }
    | { readonly type: "close" }
  );

/** The answer to the request of the same id. */
export type WorkerAnswer =
  | { readonly id: number; readonly results: readonly SqlResult[] }
  | { readonly id: number; readonly error: { readonly message: string; readonly code: string } };
