import { assertEquals, assertRejects } from "@std/assert";
import { ModalClient } from "modal";
import { createChannel, createClient, Metadata, Status } from "nice-grpc";
import { modalProtocol } from "./definition.ts";
import { type ModalServer, startModal } from "./modal_server.ts";

type RawCall = (bytes: Uint8Array, options: { readonly metadata: Metadata }) => Promise<unknown>;

const echo = { run: ([text]: readonly unknown[]) => text };

/** Sends messages as they are given, and reads none. */
async function withRawClient(
  server: ModalServer,
  use: (
    call: (name: string, bytes: Uint8Array, token?: string) => Promise<unknown>,
  ) => Promise<void>,
) {
  const { service } = await modalProtocol();
  const raw = {
    encode: (bytes: Uint8Array) => ({ finish: () => bytes }),
    decode: (bytes: Uint8Array) => bytes,
    fromPartial: (bytes: Uint8Array) => bytes,
  };
  const methods = Object.fromEntries(
    Object.entries(service.methods).map(([name, method]) => [
      name,
      { ...method, requestType: raw, responseType: raw },
    ]),
  );
  const channel = createChannel(server.url);
  const definition = { ...service, methods } as unknown as Parameters<typeof createClient>[0];
  const client = createClient(definition, channel) as unknown as Readonly<Record<string, RawCall>>;
  const metadata = (token?: string) =>
    new Metadata({
      "x-modal-token-id": server.variables.MODAL_TOKEN_ID ?? "",
      "x-modal-token-secret": server.variables.MODAL_TOKEN_SECRET ?? "",
      "x-modal-client-type": "8",
      ...(token === undefined ? {} : { "x-modal-auth-token": token }),
    });
  try {
    await use(async (name, bytes, token) => {
      const { authTokenGet } = service.methods;
      const got = await client.authTokenGet?.(new Uint8Array(), { metadata: metadata() });
      const answer = authTokenGet?.responseType.decode(got as Uint8Array) as { token: string };
      return await client[name]?.(bytes, { metadata: metadata(token ?? answer.token) });
    });
  } finally {
    channel.close();
  }
}

async function codeOf(call: Promise<unknown>): Promise<number> {
  const error = await assertRejects(() => call, Error);
  return (error as Error & { readonly code: number }).code;
}

Deno.test("the stand-in for Modal refuses what is not of the protocol, and takes what is", async () => {
  const { service } = await modalProtocol();
  const encode = (name: string, message: unknown) =>
    new Uint8Array(service.methods[name]?.requestType.encode(message).finish() ?? []);
  const get = encode("functionGet", {
    ...service.methods.functionGet?.requestType.fromPartial({
      appName: "app",
      objectTag: "fn",
    }) as object,
  });
  await using server = await startModal({ functions: { "app/fn": echo } });
  await withRawClient(server, async (call) => {
    await call("functionGet", get);
    // Field 99, a text; then field 1 as a number in place of a text; then a cut message.
    const unknownField = Uint8Array.from([...get, 0x9a, 0x06, 0x01, 0x61]);
    const wrongType = Uint8Array.from([0x08, 0x05]);
    for (const bytes of [unknownField, wrongType, get.slice(0, 3)]) {
      assertEquals(await codeOf(call("functionGet", bytes)), Status.INVALID_ARGUMENT);
    }
    assertEquals(await codeOf(call("functionGet", get, "a.b.forged")), Status.UNAUTHENTICATED);
    assertEquals(await codeOf(call("appList", new Uint8Array())), Status.UNIMPLEMENTED);
    assertEquals(await codeOf(call("functionGet", new Uint8Array())), Status.NOT_FOUND);
  });
});

Deno.test("the stand-in for Modal refuses inputs of another form", async () => {
  const { service } = await modalProtocol();
  await using server = await startModal({ functions: { "app/fn": echo } });
  await withRawClient(server, async (call) => {
    const type = service.methods.functionGet?.requestType;
    const get = type?.encode(type.fromPartial({ appName: "app", objectTag: "fn" })).finish();
    await call("functionGet", new Uint8Array(get ?? []));
    const map = (input: unknown) => {
      const mapType = service.methods.functionMap?.requestType;
      const message = mapType?.fromPartial({
        functionId: "fu-0",
        functionCallType: 1,
        pipelinedInputs: [{ idx: 0, input }],
      });
      return call("functionMap", new Uint8Array(mapType?.encode(message).finish() ?? []));
    };
    const cbor = Uint8Array.from([0x82, 0x81, 0x61, 0x61, 0xa0]); // [["a"], {}]
    await map({ dataFormat: 4, args: cbor });
    const wrong = [
      { dataFormat: 1, args: cbor },
      { dataFormat: 4, args: Uint8Array.from([0x01]) },
      { dataFormat: 4, args: Uint8Array.from([0x82, 0x81]) },
      { dataFormat: 4, args: Uint8Array.from([0x82, 0x01, 0xa0]) },
    ];
    for (const input of wrong) assertEquals(await codeOf(map(input)), Status.INVALID_ARGUMENT);
  });
});

Deno.test("the stand-in for Modal refuses an unknown token, and a blob of other bytes than announced", async () => {
  await using server = await startModal({ functions: { "app/fn": echo } });
  Deno.env.set("MODAL_SERVER_URL", server.url);
  const [wrong, right] = ["as-wrong", server.variables.MODAL_TOKEN_SECRET ?? ""].map((
    tokenSecret,
  ) => new ModalClient({ tokenId: server.variables.MODAL_TOKEN_ID ?? "", tokenSecret }));
  Deno.env.delete("MODAL_SERVER_URL");
  const refused = wrong?.functions.fromName("app", "fn") ?? Promise.resolve();
  assertEquals(await codeOf(refused), Status.UNAUTHENTICATED);
  const blob = await right?.cpClient.blobCreate({
    contentMd5: "x",
    contentSha256Base64: "y",
    contentLength: 1,
  });
  const upload = await fetch(blob?.uploadUrl ?? "", { method: "PUT", body: "ab" });
  assertEquals([upload.status, await upload.text()], [400, "other bytes than announced"]);
  assertEquals(await codeOf(right?.cpClient.blobGet({ blobId: "bl-0" }) ?? Promise.resolve()), 5);
});
