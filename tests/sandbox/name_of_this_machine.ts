/**
 * Names by which a machine is known to itself.
 *
 * @module
 */

/** An origin by a name, not `localhost`, that leads to a server of this machine; none where there is none. */
export async function nameOfThisMachine(port: string): Promise<string | undefined> {
  for (const name of await names()) {
    const origin = `http://${name}:${port}`;
    const found = await fetch(origin).then((response) => response.text()).then(
      () => true,
      () => false,
    );
    if (found) return origin;
  }
  return undefined;
}

/** The machine's own name, what its table of hosts calls loopback, and what some resolvers know. */
async function names(): Promise<readonly string[]> {
  const table = await Deno.readTextFile("/etc/hosts").catch(() => "");
  const lines = table.split("\n").filter((line) => /^127\./.test(line));
  const listed = lines.flatMap((line) => line.replace(/#.*/, "").trim().split(/\s+/).slice(1));
  const all = [Deno.hostname(), ...listed, "localhost.localdomain", "acme.localhost"];
  return all.filter((name) => name !== "localhost" && /^[a-z0-9][a-z0-9.-]*[a-z0-9]$/i.test(name));
}
