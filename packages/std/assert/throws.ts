// @ts-types="./throws.d.ts"
export * from "npm:deno-std@1.4.0/assert/throws.js";
