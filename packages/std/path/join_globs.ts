// @ts-types="./join_globs.d.ts"
export * from "npm:deno-std@1.4.0/path/join_globs.js";
