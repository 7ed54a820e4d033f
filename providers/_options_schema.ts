/**
 * The schema of a built-in provider's options: nothing but what is named, and no secrets.
 *
 * @module
 */
import * as v from "valibot";

const SECRET = /key|token|secret|password|credential|authorization/i;

/**
 * A schema of exactly these options.
 *
 * An option that is not there is answered with those that are; one that looks like a secret
 * with the way that secrets take: through a variable of the environment that an option names.
 */
export function optionsSchema<const Entries extends v.ObjectEntries>(
  entries: Entries,
): v.StrictObjectSchema<Entries, v.ErrorMessage<v.StrictObjectIssue>> {
  const names = Object.keys(entries);
  const variables = names.filter((name) => name.endsWith("Variable"));
  return v.strictObject(entries, (issue) => {
    const name = issue.expected === "never" ? String(issue.path?.at(-1)?.key) : undefined;
    if (name === undefined) return issue.message;
    if (SECRET.test(name) && variables.length > 0) {
      return "secrets are read from the environment only: put it into a variable and name that " +
        `with ${variables.join(" or ")}`;
    }
    return `there is no such option; there are: ${names.join(", ")}`;
  });
}
