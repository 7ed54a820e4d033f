const encoder = new TextEncoder();

/** Writes one line to standard output. */
export async function print(line: string): Promise<void> {
  const bytes = encoder.encode(`${line}\n`);
  for (let at = 0; at < bytes.length;) at += await Deno.stdout.write(bytes.subarray(at));
}
