/** The TypeScript files below `folder`, as paths relative to `root`, sorted. */
export async function sourceFiles(folder: string, root: URL): Promise<string[]> {
  const files: string[] = [];
  const pending = [folder];
  for (const next of pending) {
    for await (const { name, isDirectory } of Deno.readDir(new URL(`${next}/`, root))) {
      const path = `${next}/${name}`;
      if (isDirectory) pending.push(path);
      else if (/\.tsx?$/.test(name)) files.push(path);
    }
  }
  return files.sort();
}
