/** One version of a package as a JSR registry stores it. */
export interface JsrPackage {
  /** `@scope/name` */
  readonly name: string;
  readonly version: string;
  readonly exports: Readonly<Record<string, string>>;
  /** By path without a leading slash. */
  readonly files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>;
}

/** What `meta.json` says. */
export function metaOf({ name, version }: JsrPackage): unknown {
  const [scope = "", base] = name.split("/");
  return { scope: scope.slice(1), name: base, latest: version, versions: { [version]: {} } };
}

/** What `VERSION_meta.json` says. */
export async function versionMetaOf({ exports, files }: JsrPackage): Promise<unknown> {
  const manifest: Record<string, { size: number; checksum: string }> = {};
  for (const [path, content] of files) {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", content));
    manifest[`/${path}`] = { size: content.length, checksum: `sha256-${hash.toHex()}` };
  }
  return { manifest, exports };
}

/** Reads a workspace member from its folder, as it is on disk. */
export async function readPackage(folder: URL): Promise<JsrPackage> {
  const { name, version, exports } = JSON.parse(
    await Deno.readTextFile(new URL("deno.json", folder)),
  );
  const files = new Map<string, Uint8Array<ArrayBuffer>>();
  for await (const entry of Deno.readDir(folder)) {
    if (entry.isFile && !entry.name.endsWith("_test.ts")) {
      files.set(entry.name, await Deno.readFile(new URL(entry.name, folder)));
    }
  }
  return { name, version, exports, files };
}
