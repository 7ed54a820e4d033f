import type { Import, ImportGraph } from "./graph.ts";
import { DIRECTIONS } from "./rules.ts";

/** Says which of `graph`'s imports between the folders of the project at `root` break a direction. */
export function wrongDirections(graph: ImportGraph, root: URL): string[] {
  const wrong: string[] = [];
  for (const [url, imports] of graph) {
    const folder = folderOf(url, root);
    if (folder === undefined) continue;
    const direction = DIRECTIONS[folder];
    if (direction === undefined) {
      wrong.push(`${pathOf(url, root)}: the folder "${folder}" has no rule in rules.ts`);
      continue;
    }
    const values = [folder, ...direction.values];
    const types = [...values, ...direction.types ?? []];
    for (const { specifier, target, typeOnly } of imports) {
      const other = targetFolder(target, root);
      if (other === undefined || (typeOnly ? types : values).includes(other)) continue;
      const rule = typeOnly ? `types of ${types.join(", ")}` : values.join(", ");
      const kind = typeOnly ? "imports types of" : "imports";
      wrong.push(`${pathOf(url, root)} ${kind} "${specifier}": ${folder} may import ${rule}`);
    }
  }
  return wrong;
}

/** Says which published files of `graph` import a file that publishing leaves out: tests, and what serves them. */
export function unpublishedImports(graph: ImportGraph, root: URL): string[] {
  const isLeftOut = (url: string) =>
    /_test\.ts$|^(src|providers)\/(.*\/)?testing\//.test(pathOf(url, root));
  return [...graph].filter(([url]) => url.startsWith(root.href) && !isLeftOut(url)).flatMap((
    [url, imports],
  ) =>
    imports.filter(({ target }) => isLeftOut(target))
      .map(({ specifier }) => `${pathOf(url, root)} imports "${specifier}"`)
  );
}

/**
 * Says which npm packages are fetched when `entry` starts: those that a chain of static or literal
 * dynamic imports leads to. Leaf files of the `@std` stand-ins are light and allowed.
 */
export function heavyAtStart(graph: ImportGraph, entry: URL, root: URL): string[] {
  const std = new URL("packages/std/", root).href;
  const heavy: string[] = [];
  const seen = new Set<string>();
  const visit = (url: string, path: readonly string[]) => {
    if (seen.has(url)) return;
    seen.add(url);
    const chain = [...path, pathOf(url, root)];
    for (const { specifier, target } of loaded(graph.get(url) ?? [])) {
      if (target.startsWith(std)) {
        if (target.endsWith("/mod.ts")) heavy.push(`${chain.join(" > ")} > ${specifier}: no leaf`);
      } else if (target.startsWith("file:")) visit(target, chain);
      else if (!target.startsWith("node:")) heavy.push(`${chain.join(" > ")} > ${specifier}`);
    }
  };
  visit(entry.href, []);
  return heavy;
}

function loaded(imports: readonly Import[]): Import[] {
  return imports.filter(({ typeOnly }) => !typeOnly);
}

function targetFolder(target: string, root: URL): string | undefined {
  if (!target.startsWith(root.href)) return undefined;
  const path = pathOf(target, root);
  if (path.startsWith("packages/std/")) return undefined;
  return folderOf(target, root) ?? path;
}

/** The rule that a file of the project falls under; files outside of `src/` and `providers/` have none. */
function folderOf(url: string, root: URL): string | undefined {
  const [top, next, ...rest] = pathOf(url, root).split("/");
  if (top === "providers") return "builtin";
  if (top !== "src" || next === undefined) return undefined;
  return rest.length === 0 ? "base" : next;
}

function pathOf(url: string, root: URL): string {
  return url.startsWith(root.href) ? url.slice(root.href.length) : url;
}
