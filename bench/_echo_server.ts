/**
 * Answers with what it was sent, after as many milliseconds as its argument says: requests of HTTP, or, where the
 * argument is `lines`, bytes of a connection at once. Prints its port.
 *
 * @module
 */
const [kind] = Deno.args;
const hostname = "127.0.0.1";

if (kind === "lines") {
  const listener = Deno.listen({ hostname, port: 0 });
  sayPort(listener.addr);
  for await (const connection of listener) {
    connection.readable.pipeTo(connection.writable).catch(() => {});
  }
} else {
  const delayMs = Number(kind);
  Deno.serve({ hostname, port: 0, onListen: sayPort }, async (request) => {
    const body = await request.bytes();
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    return new Response(body);
  });
}

function sayPort({ port }: { readonly port: number }): void {
  // deno-lint-ignore no-console -- how its port is told
  console.log(port);
}
