/**
 * A plugin's origin: a server that serves modules and remembers what it was asked for.
 *
 * @module
 */

/** A server of modules on this machine. */
export interface ModuleServer extends AsyncDisposable {
  /** `http://127.0.0.1:PORT` */
  readonly origin: string;
  /** `127.0.0.1:PORT` */
  readonly host: string;
  /** What it serves, by path; a value that is a URL is redirected to. May be changed at any time. */
  readonly modules: Map<string, string | URL>;
  /** Each request: method, path with query, headers and body, as one text. */
  readonly requests: string[];
}

/** Starts one. */
export function serveModules(
  modules: Readonly<Record<string, string | URL>>,
  { hostname = "127.0.0.1" }: { readonly hostname?: string } = {},
): ModuleServer {
  const served = new Map(Object.entries(modules));
  const requests: string[] = [];
  const options = { hostname, port: 0, onListen() {} };
  const server = Deno.serve(options, async (request) => {
    const { pathname, search } = new URL(request.url);
    const headers = JSON.stringify([...request.headers]);
    requests.push(`${request.method} ${pathname}${search} ${headers} ${await request.text()}`);
    const found = served.get(pathname);
    if (found instanceof URL) return Response.redirect(found, 302);
    if (found === undefined) return new Response("not found", { status: 404 });
    return new Response(found, { headers: { "content-type": typeOf(pathname) } });
  });
  const host = `${hostname.includes(":") ? `[${hostname}]` : hostname}:${server.addr.port}`;
  return {
    origin: `http://${host}`,
    host,
    modules: served,
    requests,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
}

function typeOf(path: string): string {
  if (path.endsWith(".json")) return "application/json";
  return path.endsWith(".js") ? "text/javascript" : "text/typescript";
}
