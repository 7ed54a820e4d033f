/**
 * An npm registry on this machine, with one package in it.
 *
 * @module
 */

/** A registry, and what it was asked for. */
export interface NpmRegistry extends AsyncDisposable {
  readonly origin: string;
  readonly requests: string[];
  /** The package's main module; may be changed at any time. */
  text: string;
}

const encoder = new TextEncoder();

/** Serves version 1.0.0 of a package that is one ES module. */
export function serveNpmPackage(name: string, text: string): NpmRegistry {
  const requests: string[] = [];
  const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
  const server = Deno.serve(options, async (request) => {
    const { pathname } = new URL(request.url);
    requests.push(pathname);
    const archive = await archiveOf(name, registry.text);
    if (pathname === `/${name}/-/${name}-1.0.0.tgz`) return new Response(archive);
    if (pathname !== `/${name}`) return new Response("{}", { status: 404 });
    const integrity = new Uint8Array(await crypto.subtle.digest("SHA-512", archive)).toBase64();
    const tarball = `${registry.origin}/${name}/-/${name}-1.0.0.tgz`;
    const version = { name, version: "1.0.0", dist: { tarball, integrity: `sha512-${integrity}` } };
    return Response.json({
      name,
      "dist-tags": { latest: "1.0.0" },
      versions: { "1.0.0": version },
    });
  });
  const registry: NpmRegistry = {
    origin: `http://127.0.0.1:${server.addr.port}`,
    requests,
    text,
    [Symbol.asyncDispose]: () => server.shutdown(),
  };
  return registry;
}

async function archiveOf(name: string, text: string): Promise<Uint8Array<ArrayBuffer>> {
  const manifest = JSON.stringify({ name, version: "1.0.0", type: "module", main: "./mod.js" });
  const files = [tarFile("package/package.json", manifest), tarFile("package/mod.js", text)];
  const tar = new Blob([...files.flat(), new Uint8Array(1024)]);
  return await new Response(tar.stream().pipeThrough(new CompressionStream("gzip"))).bytes();
}

/** A file of a ustar archive. */
function tarFile(path: string, text: string): Uint8Array<ArrayBuffer>[] {
  const content = encoder.encode(text);
  const header = new Uint8Array(512);
  const put = (at: number, value: string) => header.set(encoder.encode(value), at);
  put(0, path);
  put(100, "0000644\0");
  put(124, `${content.length.toString(8).padStart(11, "0")}\0`);
  put(136, "00000000000\0");
  put(148, " ".repeat(8));
  put(156, "0");
  put(257, "ustar\x0000");
  const sum = header.reduce((total, byte) => total + byte, 0);
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return [header, content, new Uint8Array((512 - content.length % 512) % 512)];
}
