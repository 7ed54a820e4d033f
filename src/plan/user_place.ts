/**
 * Places in the user's code, as people and editors write them.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import { callSite } from "../evaluation/call_site.ts";

/** `FILE:LINE` of the first frame of a stack that is in a file outside this library. */
export function userPlace(stack: string | undefined): string | undefined {
  const site = callSite(stack);
  return site?.url.startsWith("file:") ? `${fromFileUrl(site.url)}:${site.line}` : undefined;
}
