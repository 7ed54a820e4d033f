/**
 * What a plugin asks for, what its user granted, and whether the one covers the other.
 *
 * @module
 */

/** Network hosts, each with its port, and names of environment variables: there is nothing else. */
export interface Grant {
  /** `host:port`, sorted. */
  readonly net: readonly string[];
  /** Sorted. */
  readonly env: readonly string[];
}

/** Nothing at all. */
export const NOTHING: Grant = { net: [], env: [] };

const HOST = /^(\[[0-9a-f:.]+\]|(\*\.)?[a-z0-9]([a-z0-9.-]*[a-z0-9])?)(:(\d{1,5}))?$/i;

/** Deno's own variables would change what the sandbox is, a loader's what runs in it. */
const FORBIDDEN_ENV = /^(DENO_|LD_|DYLD_|NODE_OPTIONS$|V8_)/i;

/**
 * A grant made of lists that a plugin or a user gave.
 *
 * @throws {TypeError} saying which entry is none
 */
export function toGrant(given: { readonly net?: unknown; readonly env?: unknown }): Grant {
  return {
    net: sorted(texts(given.net, "net").map(hostAndPort)),
    env: sorted(texts(given.env, "env").map(variable)),
  };
}

/** What of `asked` is not in `granted`. */
export function missing(asked: Grant, granted: Grant): Grant {
  return {
    net: asked.net.filter((host) => !granted.net.includes(host)),
    env: asked.env.filter((name) => !granted.env.includes(name)),
  };
}

/** Whether it holds nothing. */
export function isNothing({ net, env }: Grant): boolean {
  return net.length === 0 && env.length === 0;
}

/** A grant as the options of `providers add`: `--allow-net=a:443 --allow-env=KEY`. */
export function grantOptions({ net, env }: Grant): string {
  const options = [
    ...net.length > 0 ? [`--allow-net=${net.map((host) => host.replace(/:443$/, "")).join()}`] : [],
    ...env.length > 0 ? [`--allow-env=${env.join()}`] : [],
  ];
  return options.join(" ");
}

function texts(given: unknown, name: string): readonly string[] {
  if (given === undefined) return [];
  if (Array.isArray(given) && given.every((entry) => typeof entry === "string")) return given;
  throw new TypeError(`"permissions.${name}" must be a list of texts`);
}

function hostAndPort(text: string): string {
  const match = HOST.exec(text);
  const host = canonicalHost(match?.[1]);
  const port = Number(match?.[5] ?? 443);
  if (host === undefined || port < 1 || port > 65535) {
    throw new TypeError(
      `${JSON.stringify(text)} is no host; it must be like api.acme.test or 127.0.0.1:8000`,
    );
  }
  return `${host}:${port}`;
}

/** A host as requests name it: who reads `2130706433` does not see that it is 127.0.0.1. */
function canonicalHost(host: string | undefined): string | undefined {
  if (host === undefined) return undefined;
  if (host.startsWith("*.")) return host.toLowerCase();
  return URL.parse(`http://${host}/`)?.hostname;
}

function variable(name: string): string {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name) || FORBIDDEN_ENV.test(name)) {
    throw new TypeError(`${JSON.stringify(name)} is no variable that can be granted`);
  }
  return name;
}

function sorted(list: readonly string[]): readonly string[] {
  return [...new Set(list)].sort();
}
