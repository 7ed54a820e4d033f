/**
 * JSON Schema by Ajv. Heavy: loaded by `json_issues.ts` only.
 *
 * @module
 */
import { Ajv, type ValidateFunction } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { JsonSchema } from "./json_issues.ts";

const compiled = new WeakMap<object, ValidateFunction>();

/**
 * What is wrong with a value, in lines. Schemas are of draft 2020-12 unless their `$schema` names draft 7 or 6.
 * Formats are not checked.
 */
export function ajvIssues(value: unknown, schema: JsonSchema): readonly string[] {
  const validate = typeof schema === "object"
    ? compiled.get(schema) ?? compile(schema)
    : compile(schema);
  if (validate(value)) return [];
  return (validate.errors ?? []).map(({ instancePath, message = "is wrong" }) => {
    return `${instancePath === "" ? "the value" : instancePath} ${message}`;
  });
}

function compile(schema: JsonSchema): ValidateFunction {
  const isOld = typeof schema === "object" && /draft-0[67]/.test(String(schema.$schema));
  const options = { allErrors: true, strict: false, validateFormats: false } as const;
  const validate = (isOld ? new Ajv(options) : new Ajv2020(options)).compile(schema);
  if (typeof schema === "object") compiled.set(schema, validate);
  return validate;
}
