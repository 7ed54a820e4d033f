/**
 * What a plugin's module exports, as its process reports it: a stranger's word, so nothing is believed.
 *
 * @module
 */
import { PROVIDER_PROTOCOL } from "../provider.ts";
import { type Grant, toGrant } from "./grant.ts";

/** A plugin, as far as it is known without setting it up. */
export interface Exported {
  readonly name: string;
  /** What it asks for. */
  readonly asks: Grant;
}

/**
 * Checks what a plugin's process says of its default export.
 *
 * @throws {TypeError} saying what about it is wrong
 */
export function checkExported(said: unknown): Exported {
  const fields = (said ?? {}) as Readonly<Record<string, unknown>>;
  if (fields.kind === "undefined") throw new TypeError("it has no default export");
  const { protocol, name, permissions } = fields;
  if (typeof protocol === "number" && protocol > PROVIDER_PROTOCOL) {
    throw new TypeError(
      `it speaks version ${protocol} of the provider protocol, this dotevals version ` +
        `${PROVIDER_PROTOCOL}; run a newer dotevals`,
    );
  }
  if (protocol !== PROVIDER_PROTOCOL) throw new TypeError("its default export is no provider");
  if (typeof name !== "string" || !/^[\w.-]{1,64}$/.test(name)) {
    throw new TypeError('its "name" must be up to 64 letters, digits and ".", "_", "-"');
  }
  const asked = (permissions ?? {}) as Readonly<Record<string, unknown>>;
  const stranger = Object.keys(asked).find((key) =>
    key !== "net" && key !== "env" && !(Array.isArray(asked[key]) && asked[key].length === 0)
  );
  if (stranger !== undefined) {
    throw new TypeError(
      `it asks for "${stranger}"; a provider in a sandbox can have hosts and variables only`,
    );
  }
  return { name, asks: toGrant(asked) };
}
