/**
 * How much memory a process takes.
 *
 * @module
 */

const PAGE_BYTES = 4096;

/** Megabytes of memory that are there for process `pid` alone or with others; unknown off Linux. */
export async function residentMb(pid: number): Promise<number | undefined> {
  if (Deno.build.os !== "linux") return undefined;
  try {
    const pages = (await Deno.readTextFile(`/proc/${pid}/statm`)).split(" ")[1];
    return pages === undefined ? undefined : Number(pages) * PAGE_BYTES / 1024 / 1024;
  } catch {
    // It may be gone, or its files may not be read.
    return undefined;
  }
}
