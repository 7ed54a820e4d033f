// @ts-types="./instance_of.d.ts"
export * from "npm:deno-std@1.4.0/assert/instance_of.js";
