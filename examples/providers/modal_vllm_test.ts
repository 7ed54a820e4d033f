import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { startModal } from "../../providers/modal/testing/modal_server.ts";
import { CERTIFICATE } from "../../providers/modal_vllm/testing/certificate.ts";
import { sandboxes } from "../../providers/modal_vllm/testing/sandboxes.ts";
import { workplace } from "../../tests/cli/command.ts";

const evaluation = fromFileUrl(new URL("modal_vllm.eval.ts", import.meta.url));

Deno.test("the example for modal-vllm runs against a stand-in for Modal, and its sandboxes are ended", async () => {
  await using fleet = sandboxes({ solves: true });
  await using server = await startModal({ handlers: () => fleet.handlers });
  await using place = await workplace(server.variables);
  // The stand-in's tunnels have a certificate of their own.
  const DENO_CERT = await place.write("certificate.pem", CERTIFICATE);
  const args = ["run", evaluation, "--experiment", "e", "--samples", "10"];
  const command = place.start(args, { env: { DENO_CERT } });
  const { code, stderr } = await command.output();
  assertEquals(code, 0, new TextDecoder().decode(stderr));
  assertEquals(fleet.all.map(({ wasTerminated }) => wasTerminated), [true]);
  assertEquals(fleet.all[0]?.server.requests, 10);
  const { stdout } = await place.dotevals("show", "e", "--json");
  const [shown] = JSON.parse(stdout).evaluations;
  assertEquals([shown.completed, shown.errors], [10, 0]);
});
