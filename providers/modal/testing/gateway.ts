/**
 * The gRPC side of the stand-in for Modal, a process of its own: takes calls, asks the test's process for
 * the answers over plain HTTP, and passes them on as they are.
 *
 * A server and a client of gRPC in one process end it now and then (Deno 2.9.6: a segmentation fault in
 * a fifth to a half of the runs, in none of 27 with the server in another process).
 *
 * @module
 */
import { type CallContext, createServer, Metadata, ServerError } from "nice-grpc";
import { framesOf } from "./frames.ts";

/** What the process is told in the first line of its input. */
export interface GatewayOrders {
  /** Where the answers are. */
  readonly answersUrl: string;
  readonly fullName: string;
  /** The calls, by the name of the method. */
  readonly methods: Readonly<
    Record<string, { readonly name: string; readonly responseStream: boolean }>
  >;
}

const raw = {
  encode: (bytes: Uint8Array) => ({ finish: () => bytes }),
  decode: (bytes: Uint8Array) => bytes,
  fromPartial: (bytes: Uint8Array) => bytes,
};

async function* answers(url: string, bytes: Uint8Array, context: CallContext) {
  const headers = new Headers();
  for (const [key, values] of context.metadata) headers.set(key, values.join(","));
  const { signal } = context;
  const response = await fetch(url, {
    method: "POST",
    headers,
    body: new Uint8Array(bytes),
    signal,
  });
  for await (const frame of framesOf(response.body ?? new ReadableStream())) {
    if (frame.type === "message") yield frame.bytes;
    else if (frame.code !== 0) {
      if (frame.statusDetails !== undefined) {
        const details = Uint8Array.fromBase64(frame.statusDetails);
        context.trailer = new Metadata({ "grpc-status-details-bin": details });
      }
      throw new ServerError(frame.code, frame.details);
    }
  }
}

async function serve({ answersUrl, fullName, methods }: GatewayOrders): Promise<number> {
  const definitions = Object.fromEntries(
    Object.entries(methods).map(([key, method]) => [key, {
      ...method,
      requestType: raw,
      responseType: raw,
      requestStream: false,
      options: {},
    }]),
  );
  const handlers = Object.fromEntries(
    Object.entries(methods).map(([key, { responseStream }]) => {
      const url = `${answersUrl}/${key}`;
      if (responseStream) {
        return [key, (bytes: Uint8Array, context: CallContext) => answers(url, bytes, context)];
      }
      return [key, async (bytes: Uint8Array, context: CallContext) => {
        for await (const message of answers(url, bytes, context)) return message;
        throw new ServerError(13, "There was no answer.");
      }];
    }),
  );
  const server = createServer();
  const definition = { name: fullName, fullName, methods: definitions };
  server.add(definition as unknown as Parameters<typeof server.add>[0], handlers);
  return await server.listen("127.0.0.1:0");
}

if (import.meta.main) {
  const input = Deno.stdin.readable.pipeThrough(new TextDecoderStream()).getReader();
  let orders = "";
  while (!orders.includes("\n")) orders += (await input.read()).value ?? "\n";
  const port = await serve(JSON.parse(orders));
  await Deno.stdout.write(new TextEncoder().encode(`${port}\n`));
  // The input ends with the process that started this one.
  while (!(await input.read()).done);
  Deno.exit(0);
}
