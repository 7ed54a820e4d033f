/**
 * What is wrong with a value under a schema.
 *
 * @module
 */

/** A JSON Schema. */
export type JsonSchema = boolean | { readonly [keyword: string]: unknown };

/** A schema that checks values itself: of Zod, Valibot, ArkType and others, by standardschema.dev. */
export interface StandardSchema {
  /** The interface's properties. */
  readonly "~standard": {
    /** The interface's version. */
    readonly version: 1;
    /** The library's name. */
    readonly vendor: string;
    /** Checks a value. */
    readonly validate: (value: unknown) => StandardResult | Promise<StandardResult>;
  };
}

/** What a standard schema says of a value. */
export interface StandardResult {
  /** What is wrong; `undefined` where nothing is. */
  readonly issues?: readonly StandardIssue[] | undefined;
}

/** One thing that is wrong. */
export interface StandardIssue {
  /** What it is. */
  readonly message: string;
  /** Where it is. */
  readonly path?: readonly (PropertyKey | { readonly key: PropertyKey })[] | undefined;
}

/** What the validator's module exports; a type that names the module would have it downloaded. */
interface AjvIssues {
  readonly ajvIssues: (value: unknown, schema: JsonSchema) => readonly string[];
}

/** Not a literal: that would load the validator at the start of every command. */
const AJV = "./ajv_issues.ts";

/**
 * What is wrong with a value, in lines; none where it is as the schema says.
 *
 * @throws if the schema itself is wrong
 */
export async function issuesOf(
  value: unknown,
  schema: JsonSchema | StandardSchema,
): Promise<readonly string[]> {
  if (!isStandard(schema)) {
    const { ajvIssues }: AjvIssues = await import(AJV);
    return ajvIssues(value, schema);
  }
  const { issues = [] } = await schema["~standard"].validate(value);
  return issues.map(({ path = [], message }) => {
    const keys = path.map((part) => String(typeof part === "object" ? part.key : part));
    return keys.length === 0 ? message : `${keys.join(".")}: ${message}`;
  });
}

function isStandard(schema: JsonSchema | StandardSchema): schema is StandardSchema {
  return (typeof schema === "object" || typeof schema === "function") && "~standard" in schema;
}
