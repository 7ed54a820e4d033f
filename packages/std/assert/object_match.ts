// @ts-types="./object_match.d.ts"
export * from "npm:deno-std@1.4.0/assert/object_match.js";
