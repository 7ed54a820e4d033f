/**
 * Where in the user's code an error was thrown.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";

/** A file, and a line in it, from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
}

const FRAME = /(file:\/\/[^\s()]+):(\d+):\d+/g;

/** The first place of a recorded stack that is in a file below the folder; `undefined` for none. */
export function placeIn(folder: string, stack: string | undefined): Place | undefined {
  for (const [, url, line] of (stack ?? "").matchAll(FRAME)) {
    const file = pathBelow(folder, url ?? "");
    if (file !== undefined) return { file, line: Number(line) };
  }
  return undefined;
}

function pathBelow(folder: string, url: string): string | undefined {
  try {
    const path = fromFileUrl(url);
    return path.startsWith(`${folder}/`) ? path.slice(folder.length + 1) : undefined;
  } catch {
    return undefined;
  }
}
