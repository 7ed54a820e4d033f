/**
 * Specs that name a provider elsewhere: `https://host/provider.ts#model`, `jsr:@acme/provider#model`.
 *
 * @module
 */
import { DotevalsError } from "../../errors.ts";

/** A spec, in its two parts. */
export interface PluginSpec {
  /** What the plugin is locked under: a URL, or a `jsr:` or `npm:` spec. */
  readonly url: string;
  /** What its `setup` gets. */
  readonly model: string;
}

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** Whether a spec names a provider that is neither built in nor a file. */
export function isPluginSpec(spec: string): boolean {
  return /^(https?|jsr|npm|data|blob):/.test(spec);
}

/**
 * The parts of a spec that names a provider elsewhere.
 *
 * @throws {DotevalsError} `unsupported-provider` if nothing is loaded from there
 */
export function parsePluginSpec(spec: string): PluginSpec {
  const hash = spec.indexOf("#");
  const given = hash === -1 ? spec : spec.slice(0, hash);
  const model = hash === -1 ? "" : spec.slice(hash + 1);
  if (
    /^(jsr:@[\w-]+\/[\w-]+|npm:(@[\w.-]+\/)?[\w.-]+)(@[\w.^~<>=*-]+)?(\/[\w./-]+)?$/.test(given)
  ) {
    return { url: given, model };
  }
  if (/^https?:/.test(given) && URL.canParse(given)) {
    const url = new URL(given);
    if (url.username !== "" || url.password !== "") {
      throw unsupported(given, "it holds a password, and would end up in the lock file");
    }
    if (url.protocol === "https:" || LOOPBACK.test(url.hostname)) return { url: url.href, model };
    throw unsupported(
      given,
      "http:// is for this machine alone; whoever is on the way could change it",
    );
  }
  if (/^(\.{0,2}\/|file:)/.test(given)) {
    throw unsupported(given, "a file is your own code: it is granted nothing, and runs as it is");
  }
  throw unsupported(given, "it is no https:// URL and no jsr: or npm: spec");
}

function unsupported(url: string, why: string): DotevalsError {
  return new DotevalsError(`No provider can be loaded from "${url}": ${why}.`, {
    code: "unsupported-provider",
    hint: "Write https://HOST/PROVIDER.ts#MODEL, jsr:@SCOPE/PACKAGE#MODEL or npm:PACKAGE#MODEL.",
  });
}
