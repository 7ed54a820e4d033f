/**
 * The deployed function that a spec names.
 *
 * @module
 */
import type { Function_, ModalClient } from "modal";
import { DotevalsError } from "../../src/errors.ts";

/** A function, or a class's method, in an app. */
export interface NamedFunction {
  readonly app: string;
  readonly className?: string;
  readonly name: string;
  /** What the class is made with. */
  readonly parameters?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/**
 * Takes `APP/FUNCTION` or `APP/CLASS.METHOD` apart.
 *
 * @throws {DotevalsError} `invalid-model` if it is neither
 */
export function functionNamed(
  spec: string,
  parameters?: NamedFunction["parameters"],
): NamedFunction {
  const found = /^([^/\s]+)\/(?:([^./\s]+)\.)?([^./\s]+)$/.exec(spec);
  const [, app, className, name] = found ?? [];
  if (app === undefined || name === undefined) {
    throw new DotevalsError(`"${spec}" names no function on Modal`, {
      code: "invalid-model",
      hint: "Write modal:APP/FUNCTION or modal:APP/CLASS.METHOD.",
    });
  }
  if (className !== undefined) return { app, className, name, parameters };
  if (parameters === undefined) return { app, name };
  throw new DotevalsError(`"${spec}" names a function, and only a class has parameters`, {
    code: "invalid-model",
    hint:
      "Write modal:APP/CLASS.METHOD, or give the function its arguments with the option kwargs.",
  });
}

/** Looks the function up; a class is made with its parameters. */
export async function findFunction(client: ModalClient, named: NamedFunction): Promise<Function_> {
  if (named.className === undefined) return await client.functions.fromName(named.app, named.name);
  const found = await client.cls.fromName(named.app, named.className);
  const instance = await found.instance({ ...named.parameters });
  return instance.method(named.name);
}
