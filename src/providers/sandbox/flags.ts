/**
 * The command line and the environment of a sandbox's process.
 *
 * @module
 */
import type { Grant } from "./grant.ts";
import type { SandboxLimits } from "./limits.ts";

/** What a plugin's process is started with. */
export interface SandboxSource {
  /** What the child imports: a URL, `jsr:` or `npm:` spec, or a local file's URL. */
  readonly url: string;
  /** Where its modules are, as Deno's own cache. */
  readonly cacheDir: string | undefined;
  /** The lock file with the hash of each module; a user's own file has none. */
  readonly lockPath: string | undefined;
  /** The config that says what a user's own file may import by name. */
  readonly configPath?: string | undefined;
  /** Hosts that its modules come from. */
  readonly importHosts: readonly string[];
  /** Local files that belong to the module graph of a user's own file. */
  readonly readable?: readonly string[];
  readonly hasNpm: boolean;
}

/**
 * Private, loopback and link-local networks, which a public name must not lead to. Whoever grants an
 * address of one gets the whole of it; a name that begins like one (`10.acme.test`) is a name.
 */
const PRIVATE: readonly { readonly range: string; readonly covers: RegExp }[] = [
  { range: "0.0.0.0/8", covers: /^0\.\d+\.\d+\.\d+:/ },
  { range: "10.0.0.0/8", covers: /^10\.\d+\.\d+\.\d+:/ },
  { range: "100.64.0.0/10", covers: /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.\d+\.\d+:/ },
  { range: "127.0.0.0/8", covers: /^(127\.\d+\.\d+\.\d+|localhost):/ },
  { range: "[::]", covers: /^\[::\]:/ },
  { range: "[::1]", covers: /^(\[::1\]|localhost):/ },
  { range: "169.254.0.0/16", covers: /^169\.254\.\d+\.\d+:/ },
  { range: "172.16.0.0/12", covers: /^172\.(1[6-9]|2\d|3[01])\.\d+\.\d+:/ },
  { range: "192.168.0.0/16", covers: /^192\.168\.\d+\.\d+:/ },
];

/** The variables by which Deno itself finds registries, proxies and certificates. */
const DENO_NEEDS: readonly string[] = [
  "JSR_URL",
  "NPM_CONFIG_REGISTRY",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "no_proxy",
  "DENO_CERT",
  "DENO_TLS_CA_STORE",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
  "SystemRoot",
];

/** The arguments of `deno` that give a plugin what it was granted, and nothing else. */
export function sandboxFlags(
  source: SandboxSource,
  { grant, limits }: { readonly grant: Grant; readonly limits: SandboxLimits },
): readonly string[] {
  const { lockPath, configPath, importHosts, hasNpm, readable = [] } = source;
  const denied = PRIVATE.filter(({ covers }) => !grant.net.some((host) => covers.test(host)));
  return [
    "run",
    "--quiet",
    "--no-prompt",
    "--no-code-cache",
    "--cached-only",
    ...configPath === undefined ? ["--no-config"] : [`--config=${configPath}`],
    ...lockPath === undefined ? ["--no-lock"] : ["--frozen", `--lock=${lockPath}`],
    ...hasNpm ? ["--node-modules-dir=none"] : ["--no-npm"],
    `--v8-flags=--max-old-space-size=${limits.heapMb}`,
    ...list("--allow-import", importHosts),
    ...list("--allow-read", readable),
    ...list("--allow-net", grant.net),
    ...list("--deny-net", denied.map(({ range }) => range)),
    ...list("--allow-env", grant.env),
    // Packages from npm look at variables when they load; to them all others are not set.
    ...hasNpm ? ["--ignore-env"] : [],
  ];
}

/** The child's whole environment. */
export function sandboxEnv(
  { cacheDir }: SandboxSource,
  { grant, env }: {
    readonly grant: Grant;
    readonly env: (name: string) => string | undefined;
  },
): Record<string, string> {
  const entries = [...grant.env, ...DENO_NEEDS].map((name) => [name, env(name)] as const);
  const there = entries.filter((entry): entry is [string, string] => entry[1] !== undefined);
  // Under its own name, node's TLS asks what only a grant of `sys` would let it know.
  const certificates = env("NODE_EXTRA_CA_CERTS");
  return {
    ...certificates !== undefined && { DENO_CERT: certificates },
    ...Object.fromEntries(there),
    ...cacheDir !== undefined && { DENO_DIR: cacheDir },
    DENO_NO_UPDATE_CHECK: "1",
    NO_COLOR: "1",
  };
}

function list(flag: string, values: readonly string[]): readonly string[] {
  return values.length === 0 ? [] : [`${flag}=${values.join()}`];
}
