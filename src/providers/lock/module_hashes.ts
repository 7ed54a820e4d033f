/**
 * The hashes of all that a plugin is made of.
 *
 * @module
 */
import { hash } from "node:crypto";

/** What Deno's own lock file holds of one plugin: Deno checks each module against it. */
export type ModuleHashes = Readonly<Record<string, unknown>>;

const SECTIONS: readonly string[] = [
  "version",
  "specifiers",
  "jsr",
  "npm",
  "redirects",
  "remote",
];

/**
 * Takes what a Deno lock file holds.
 *
 * @throws {TypeError} if it is none, or holds what no plugin has
 */
export function readModuleHashes(value: unknown): ModuleHashes {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError('"modules" is no object');
  }
  const stranger = Object.keys(value).find((key) => !SECTIONS.includes(key));
  if (stranger !== undefined) throw new TypeError(`"modules" holds "${stranger}"`);
  return value as ModuleHashes;
}

/** A name for exactly these contents. */
export function digestOf(url: string, modules: ModuleHashes): string {
  return hash("sha256", JSON.stringify([url, modules]), "hex");
}

/** Every module, or package, with its hash. */
export function hashesByModule(modules: ModuleHashes): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [url, digest] of Object.entries(section(modules, "remote"))) {
    found.set(url, String(digest));
  }
  for (const kind of ["jsr", "npm"]) {
    for (const [name, entry] of Object.entries(section(modules, kind))) {
      const { integrity } = entry as { readonly integrity?: unknown };
      found.set(`${kind}:${name}`, String(integrity));
    }
  }
  return found;
}

/** Redirects, from where to where. */
export function redirectsOf(modules: ModuleHashes): readonly (readonly [string, string])[] {
  return Object.entries(section(modules, "redirects")).map(([from, to]) => [from, String(to)]);
}

/** The hosts, with their ports, that its modules come from. */
export function importHosts(modules: ModuleHashes): readonly string[] {
  const hosts = new Set<string>();
  for (const url of Object.keys(section(modules, "remote"))) hosts.add(hostOf(url));
  for (const [from, to] of redirectsOf(modules)) hosts.add(hostOf(from)).add(hostOf(to));
  return [...hosts].filter((host) => host !== "").sort();
}

/** Whether packages from npm are among them. */
export function hasNpm(modules: ModuleHashes): boolean {
  return Object.keys(section(modules, "npm")).length > 0;
}

/** How one set of modules differs from another: `+` added, `-` gone, `~` changed. */
export function moduleChanges(before: ModuleHashes, after: ModuleHashes): readonly string[] {
  const old = hashesByModule(before);
  const now = hashesByModule(after);
  const changes: string[] = [];
  for (const [name, digest] of now) {
    if (!old.has(name)) changes.push(`+ ${name}`);
    else if (old.get(name) !== digest) changes.push(`~ ${name}`);
  }
  for (const name of old.keys()) if (!now.has(name)) changes.push(`- ${name}`);
  return changes;
}

/** `host:port` of a URL; empty for what has none. */
export function hostOf(url: string): string {
  if (!/^https?:/.test(url)) return "";
  const { hostname, port, protocol } = new URL(url);
  return `${hostname}:${port || (protocol === "https:" ? "443" : "80")}`;
}

function section(modules: ModuleHashes, name: string): Readonly<Record<string, unknown>> {
  const value = modules[name];
  return typeof value === "object" && value !== null ? value as Record<string, unknown> : {};
}
