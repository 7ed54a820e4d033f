// Copyright 2018-2026 the Deno authors. MIT license.
// deno-lint-ignore-file no-non-null-assertion -- a copy of the original, which deno-std 1.4.0 carries without its data

export function runLengthDecode({ d, r }: { d: string; r: string }) {
  const data = atob(d);
  const runLengths = atob(r);
  let out = "";

  for (const [i, ch] of [...runLengths].entries()) {
    out += data[i]!.repeat(ch.codePointAt(0)!);
  }

  return Uint8Array.from([...out].map((x) => x.codePointAt(0)!));
}
