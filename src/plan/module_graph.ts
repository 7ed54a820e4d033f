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
  #modules: Promise<ReadonlyMap<string, GraphModule>> = Promise.resolve(new Map());
  readonly #reading = new Map<string, Promise<unknown>>();
  readonly #digests = new Map<string, Promise<string | undefined>>();

  /** Starts reading the graph of several modules at once, so that it is there when asked for. */
  prepare(urls: readonly string[]): void {
    this.#modules = this.#with(urls);
  }

  /** The module at `url` and the local modules it imports, each with a digest of its text. */
  async localModules(url: string): Promise<ReadonlyMap<string, string>> {
    if (!(await this.#modules).has(url)) await this.#readOnce(url);
    const urls = reachable(url, await this.#modules);
    const entries = await Promise.all(
      urls.map(async (module) => [module, await this.#digest(module)] as const),
    );
    return new Map(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** Several evaluations of one module ask for it at once. */
  #readOnce(url: string): Promise<unknown> {
    let reading = this.#reading.get(url);
    if (!reading) {
      reading = this.#modules = this.#with([url]);
      this.#reading.set(url, reading);
    }
    return reading;
  }

  async #with(urls: readonly string[]): Promise<ReadonlyMap<string, GraphModule>> {
    const [known, found] = await Promise.all([this.#modules, describeGraph(urls)]);
    return new Map([...known, ...found.map((module) => [module.specifier, module] as const)]);
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
function reachable(
  root: string,
  modules: ReadonlyMap<string, GraphModule>,
): readonly string[] {
  const found = new Set([root]);
  for (const url of found) {
    for (const { specifier, code } of modules.get(url)?.dependencies ?? []) {
      if (OWN.test(specifier) || !code?.specifier?.startsWith("file:")) continue;
      found.add(code.specifier);
    }
  }
  return [...found];
}

/** All modules that some modules reach; one process for all of them, whose root imports them. */
async function describeGraph(urls: readonly string[]): Promise<readonly GraphModule[]> {
  const permission = await Deno.permissions.query({ name: "run", command: Deno.execPath() });
  if (permission.state !== "granted") return [];
  const root = urls.map((url) => `import ${JSON.stringify(url)};`).join("\n");
  try {
    const { success, stdout } = await new Deno.Command(Deno.execPath(), {
      args: ["info", "--json", `data:application/typescript,${encodeURIComponent(root)}`],
      stdin: "null",
      stderr: "null",
    }).output();
    return success ? JSON.parse(new TextDecoder().decode(stdout)).modules : [];
  } catch {
    return [];
  }
}
