// @ts-types="./almost_equals.d.ts"
export * from "npm:deno-std@1.4.0/assert/almost_equals.js";
