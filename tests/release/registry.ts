import { type JsrPackage, metaOf, versionMetaOf } from "./package.ts";
import { readTar } from "./tar.ts";

/** A JSR registry on this machine: takes what `deno publish` sends and serves it. */
export interface Registry extends AsyncDisposable {
  /** What `JSR_URL` must be for Deno to use this registry. */
  readonly url: string;
  /** Every request that was answered, as `METHOD /path STATUS`. */
  readonly requests: readonly string[];
  /** Adds a package without publishing. */
  add(pkg: JsrPackage): void;
  /** The package that was added or published last under this name, `@scope/name`. */
  find(name: string): JsrPackage | undefined;
}

/** Starts a registry on a free port. */
export function startRegistry(): Registry {
  const packages = new Map<string, JsrPackage>();
  const requests: string[] = [];
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const url = new URL(request.url);
    const response = await answer(request, url, packages);
    requests.push(`${request.method} ${url.pathname} ${response.status}`);
    return response;
  });
  return {
    url: `http://127.0.0.1:${server.addr.port}/`,
    requests,
    add: (pkg) => void packages.set(pkg.name, pkg),
    find: (name) => packages.get(name),
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

async function answer(
  request: Request,
  url: URL,
  packages: Map<string, JsrPackage>,
): Promise<Response> {
  const parts = decodeURIComponent(url.pathname).split("/").slice(1);
  if (parts[0] === "api") return await answerApi(request, url, parts.slice(1), packages);
  const [scope, name, ...rest] = parts;
  const pkg = packages.get(`${scope}/${name}`);
  if (pkg === undefined) return new Response("not found", { status: 404 });
  const file = rest.join("/");
  if (file === "meta.json") return Response.json(metaOf(pkg));
  if (file === `${pkg.version}_meta.json`) return Response.json(await versionMetaOf(pkg));
  const content = rest[0] === pkg.version && pkg.files.get(rest.slice(1).join("/"));
  if (!content) return new Response("not found", { status: 404 });
  return new Response(content, { headers: { "content-type": contentType(file) } });
}

async function answerApi(
  request: Request,
  url: URL,
  parts: readonly string[],
  packages: Map<string, JsrPackage>,
): Promise<Response> {
  const [kind, scope, , name, versions, version] = parts;
  if (kind === "publish_status") return Response.json({ id: scope, status: "success" });
  if (kind !== "scopes" || name === undefined) return new Response("not found", { status: 404 });
  if (versions === undefined) return Response.json({ scope, name });
  if (request.method !== "POST" || version === undefined) {
    return new Response("not found", { status: 404 });
  }
  if (request.body === null) return new Response("no archive", { status: 400 });
  const archive = request.body.pipeThrough(new DecompressionStream("gzip"));
  const files = new Map(
    readTar(await new Response(archive).bytes()).map(({ path, content }) => [path, content]),
  );
  const config = url.searchParams.get("config") ?? "/deno.json";
  const { exports } = JSON.parse(new TextDecoder().decode(files.get(config.slice(1))));
  packages.set(`@${scope}/${name}`, {
    name: `@${scope}/${name}`,
    version,
    exports: typeof exports === "string" ? { ".": exports } : exports,
    files,
  });
  return Response.json({ id: crypto.randomUUID(), status: "pending" });
}

function contentType(path: string): string {
  if (path.endsWith(".json")) return "application/json";
  return /\.m?[tj]sx?$/.test(path) ? "text/typescript" : "application/octet-stream";
}
