/**
 * A project with one plugin: served from an origin of its own, locked, granted, set up.
 *
 * @module
 */
import { downloadNew } from "../../lock/download.ts";
import { readLock, writeLock } from "../../lock/lock_file.ts";
import { model, type ModelOption } from "../../model_spec.ts";
import type { ModelHandle } from "../../provider.ts";
import { setUpModel } from "../../set_up.ts";
import { toGrant } from "../grant.ts";
import { DEFAULT_LIMITS, type SandboxLimits } from "../limits.ts";
import { type ModuleServer, serveModules } from "./module_server.ts";

/** Options of `setUp`. */
export interface PlaceSetUpOptions {
  readonly options?: Readonly<Record<string, ModelOption>>;
  readonly limits?: Partial<SandboxLimits>;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onSecret?: (value: string) => void;
}

/** A project with a plugin. */
export interface PluginPlace extends AsyncDisposable {
  readonly folder: string;
  readonly server: ModuleServer;
  readonly url: string;
  /** Lines of the session's log, as `level text`. */
  readonly log: string[];
  /** Locks what is served now. */
  lock(
    grant?: { readonly net?: readonly string[]; readonly env?: readonly string[] },
  ): Promise<void>;
  /** Sets the plugin's model `m` up, as a session does. */
  setUp(options?: PlaceSetUpOptions): Promise<ModelHandle>;
}

/** Serves modules, of which `/plugin.js` is the plugin. */
export async function pluginPlace(
  modules: Readonly<Record<string, string | URL>>,
): Promise<PluginPlace> {
  const folder = await Deno.realPath(await Deno.makeTempDir({ prefix: "dotevals" }));
  const server = serveModules(modules);
  const url = `${server.origin}/plugin.js`;
  const log: string[] = [];
  return {
    folder,
    server,
    url,
    log,
    async lock(grant = {}) {
      const downloaded = await downloadNew(url, { cwd: folder, env: () => undefined });
      const entry = { name: "acme", grant: toGrant(grant), modules: downloaded.modules };
      await writeLock(folder, new Map([...await readLock(folder), [url, entry]]));
    },
    setUp({ options = {}, limits = {}, env = {}, signal, onSecret } = {}) {
      return setUpModel(model(`${url}#m`, options), {
        cwd: folder,
        env: (name) => env[name],
        limits: { ...DEFAULT_LIMITS, ...limits },
        signal: signal ?? new AbortController().signal,
        log: (level, text) => void log.push(`${level} ${text}`),
        ...onSecret && { onSecret },
      });
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await Deno.remove(folder, { recursive: true });
    },
  };
}

/** A plugin whose model's `generate` is this body, a function of `request`, `signal` and `context`. */
export function pluginText(
  generate: string,
  more: { readonly fields?: string; readonly top?: string; readonly setup?: string } = {},
): string {
  return `${more.top ?? ""}
export default {
  [Symbol.for("dotevals.provider")]: 1,
  name: "acme",
  ${more.fields ?? "permissions: {},"}
  async setup(spec, context) {
    ${more.setup ?? ""}
    return {
      resourceId: "acme:" + spec,
      model: { async generate(request, { signal } = {}) { ${generate} } },
      teardown() {},
    };
  },
};
`;
}
