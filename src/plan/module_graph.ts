/**
 * The local modules that a module comes from.
 *
 * @module
 */
import { hash } from "node:crypto";

interface GraphModule {
  readonly specifier: string;
  readonly dependencies?: readonly {
    readonly specifier: string;
    readonly code?: { readonly specifier?: string };
  }[];
}

/** dotevals itself is no part of a definition: its major version stands for it. */
const OWN = /^(?:jsr:)?\/?@dotevals\//;

/**
 * Digests of local modules, by URL, kept while a session is planned.
 *
 * The graph is what `deno info` says, since only Deno knows how it resolves a specifier
 * (import maps, workspaces). Where no command may be run, a module stands alone.
 */
export class ModuleGraphs {
  #graphs = new Map<string, Promise<ReadonlyMap<string, string>>>();
  #digests = new Map<string, Promise<string | undefined>>();

  /** The module at `url` and the local modules it imports, each with a digest of its text. */
  localModules(url: string): Promise<ReadonlyMap<string, string>> {
    let graph = this.#graphs.get(url);
    if (!graph) {
      graph = this.#read(url);
      this.#graphs.set(url, graph);
    }
    return graph;
  }

  async #read(root: string): Promise<ReadonlyMap<string, string>> {
    const urls = reachable(root, await describeGraph(root));
    const entries = await Promise.all(
      urls.map(async (url) => [url, await this.#digest(url)] as const),
    );
    return new Map(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  #digest(url: string): Promise<string | undefined> {
    let digest = this.#digests.get(url);
    if (!digest) {
      digest = Deno.readTextFile(new URL(url))
        .then((text) => hash("sha256", text, "hex"), () => undefined);
      this.#digests.set(url, digest);
    }
    return digest;
  }
}

/** The local modules that `root` reaches without passing through dotevals itself. */
function reachable(root: string, modules: readonly GraphModule[]): readonly string[] {
  const byUrl = new Map(modules.map((module) => [module.specifier, module]));
  const found = new Set([root]);
  for (const url of found) {
    for (const { specifier, code } of byUrl.get(url)?.dependencies ?? []) {
      if (OWN.test(specifier) || !code?.specifier?.startsWith("file:")) continue;
      found.add(code.specifier);
    }
  }
  return [...found];
}

async function describeGraph(root: string): Promise<readonly GraphModule[]> {
  const permission = await Deno.permissions.query({ name: "run", command: Deno.execPath() });
  if (permission.state !== "granted") return [];
  try {
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", root],
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? JSON.parse(new TextDecoder().decode(stdout)).modules : [];
  } catch {
    return [];
  }
}
