// @ts-types="./array_includes.d.ts"
export * from "npm:deno-std@1.4.0/assert/array_includes.js";
