import { assert, assertEquals, assertRejects } from "@std/assert";
import { type App, type Image, ModalClient, type SandboxCreateParams } from "modal";
import { Status } from "nice-grpc";
import { startModal } from "../../modal/testing/modal_server.ts";
import { CERTIFICATE } from "./certificate.ts";
import { sandboxes } from "./sandboxes.ts";

const right: SandboxCreateParams = {
  command: ["vllm", "serve", "m"],
  gpu: "L4",
  encryptedPorts: [8000],
  idleTimeoutMs: 60_000,
};

Deno.test("the stand-in's sandboxes refuse what Modal would not make", async () => {
  await using fleet = sandboxes();
  await using server = await startModal({ handlers: () => fleet.handlers });
  Deno.env.set("MODAL_SERVER_URL", server.url);
  const client = new ModalClient({
    tokenId: server.variables.MODAL_TOKEN_ID ?? "",
    tokenSecret: server.variables.MODAL_TOKEN_SECRET ?? "",
  });
  Deno.env.delete("MODAL_SERVER_URL");
  const app: App = await client.apps.fromName("app", { createIfMissing: true });
  const image: Image = await client.images.fromRegistry("vllm/vllm-openai").build(app);
  const { idleTimeoutMs: _idle, ...endless } = right;
  const { encryptedPorts: _ports, ...closed } = right;
  const wrong: readonly SandboxCreateParams[] = [
    { ...right, gpu: "GTX" },
    { ...right, timeoutMs: 86_401_000 },
    { ...right, command: ["sglang"] },
    { ...closed, unencryptedPorts: [8000] },
    closed,
    endless,
  ];
  for (const params of wrong) {
    const error = await assertRejects(() => client.sandboxes.create(app, image, params), Error);
    assertEquals((error as Error & { code: number }).code, Status.INVALID_ARGUMENT, error.message);
  }
  await assertRejects(() => client.apps.fromName("none"), Error, "not found");
  const unknown = await client.sandboxes.fromId(`sb-${"0".repeat(22)}`);
  await assertRejects(() => unknown.terminate(), Error, "There is no sandbox");
  assertEquals(fleet.all, []);

  const sandbox = await client.sandboxes.create(app, image, right);
  const { 8000: tunnel } = await sandbox.tunnels();
  using http = Deno.createHttpClient({ caCerts: [CERTIFICATE] });
  const health = await fetch(`${tunnel?.url}/health`, { client: http });
  await health.body?.cancel();
  assert(health.ok);
  await sandbox.terminate();
  assertEquals(await sandbox.wait(), 137);
});
