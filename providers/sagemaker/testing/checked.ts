import * as v from "valibot";
import { Refused } from "./refusal.ts";

/**
 * What `schema` makes of a value that arrived.
 *
 * @throws {Refused} if a field is unknown, missing or of a wrong type
 */
export function checked<const Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  refusal: { readonly type: string; readonly status?: number },
): v.InferOutput<Schema> {
  const outcome = v.safeParse(schema, value);
  if (outcome.success) return outcome.output;
  const lines = outcome.issues.map((issue) => {
    const path = issue.path?.map(({ key }) => String(key)).join(".") ?? "";
    return issue.expected === "never" ? `unknown field ${path}` : `${path}: ${issue.message}`;
  });
  throw new Refused({
    status: refusal.status ?? 400,
    type: refusal.type,
    message: lines.join("; "),
  });
}
