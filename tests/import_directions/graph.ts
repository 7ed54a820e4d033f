/** One import that a file states. */
export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** What it resolves to: a `file:` URL or an `npm:` specifier. */
  readonly target: string;
  /** Only types are imported; nothing is loaded at run time. */
  readonly typeOnly: boolean;
}

/** The imports of each module, by its URL; literal dynamic imports are included. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

interface ModuleInfo {
  readonly specifier: string;
  readonly error?: string;
  readonly dependencies?: readonly DependencyInfo[];
}

interface DependencyInfo {
  readonly specifier: string;
  readonly code?: { readonly specifier?: string };
  readonly type?: { readonly specifier?: string };
}

/** Asks Deno for the imports of `files` and of everything that they reach. */
export async function readImportGraph(files: readonly URL[]): Promise<ImportGraph> {
  const config = new URL("../../deno.json", import.meta.url);
  const entry = await Deno.makeTempFile({ suffix: ".ts" });
  try {
    await Deno.writeTextFile(entry, files.map((file) => `import "${file}";\n`).join(""));
    const output = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", "--no-lock", "--config", config.pathname, entry],
      stderr: "inherit",
    }).output();
    if (!output.success) throw new Error("deno info failed");
    const info: { modules: readonly ModuleInfo[] } = JSON.parse(
      new TextDecoder().decode(output.stdout),
    );
    for (const { specifier, error } of info.modules) {
      if (error !== undefined) throw new Error(`${specifier}: ${error}`);
    }
    return new Map(info.modules.map((module) => [module.specifier, importsOf(module)]));
  } finally {
    await Deno.remove(entry);
  }
}

function importsOf(module: ModuleInfo): Import[] {
  return (module.dependencies ?? []).map(({ specifier, code, type }) => ({
    specifier,
    target: code?.specifier ?? type?.specifier ?? specifier,
    typeOnly: code === undefined,
  }));
}
