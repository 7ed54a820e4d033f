// @ts-types="./is_glob.d.ts"
export * from "npm:deno-std@1.4.0/path/is_glob.js";
