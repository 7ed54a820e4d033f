/**
 * Whether data is still what it was.
 *
 * @module
 */
import { createHash } from "node:crypto";
import type { Bytes } from "./bytes.ts";
import { DatasetError } from "./dataset_error.ts";

/** The SHA-256 of a stream, in hexadecimal. */
export async function digestOf(bytes: Bytes): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of bytes) hash.update(chunk);
  return hash.digest("hex");
}

/** Refuses data whose SHA-256 is not the expected one. */
export function refuseChanged(actual: string, expected: string, path: string): void {
  if (actual === expected.toLowerCase()) return;
  throw new DatasetError(`The dataset ${path} has changed: its SHA-256 is ${actual}.`, {
    code: "dataset-changed",
    path,
    hint: `The option sha256 expects ${expected}. Change it if you trust the new data.`,
  });
}

/** Refuses an expected SHA-256 that nothing could have. */
export function checkDigest(sha256: string | undefined): void {
  if (sha256 === undefined || /^[0-9a-f]{64}$/i.test(sha256)) return;
  throw new TypeError(
    `The option sha256 must be 64 hexadecimal digits: ${JSON.stringify(sha256)}.`,
  );
}
