/**
 * Who runs, and the name of an experiment that was not given one.
 *
 * @module
 */
import type { SessionHolder } from "../storage/storage.ts";
import { VERSION } from "../version.ts";

/** This process, as another session is told who holds an experiment. */
export function sessionHolder(): SessionHolder {
  return { host: hostname(), pid: Deno.pid, version: VERSION, denoVersion: Deno.version.deno };
}

function hostname(): string {
  try {
    return Deno.hostname();
  } catch {
    return "localhost";
  }
}

/** A name from date and time, in the machine's time zone: `2026-01-31T09-05-00-123`. */
export function experimentName(now: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const day = `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
  const time = [now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join("-");
  return `${day}T${time}-${String(now.getMilliseconds()).padStart(3, "0")}`;
}
