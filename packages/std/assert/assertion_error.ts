// @ts-types="./assertion_error.d.ts"
export * from "npm:deno-std@1.4.0/assert/assertion_error.js";
