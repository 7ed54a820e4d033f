// @ts-types="./is_error.d.ts"
export * from "npm:deno-std@1.4.0/assert/is_error.js";
