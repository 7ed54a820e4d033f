import { assert, assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import example from "../../providers/example.ts";
import { startModal } from "../../providers/modal/testing/modal_server.ts";
import { workplace } from "../../tests/cli/command.ts";

const evaluation = fromFileUrl(new URL("modal.eval.ts", import.meta.url));

Deno.test("the example for modal runs against a stand-in for Modal", async () => {
  await using solver = await example.setup("arithmetic", {
    config: {},
    env: () => undefined,
    signal: new AbortController().signal,
    log() {},
  });
  const parameters = new Set<unknown>();
  await using server = await startModal({
    functions: {
      "dotevals-example/Chat.answer": {
        parameters: ["model"],
        async run([request], _kwargs, info) {
          parameters.add(info.parameters.model);
          const { messages } = request as { messages: { role: "user"; content: string }[] };
          return { text: (await solver.model.generate({ messages })).text };
        },
      },
    },
  });
  await using place = await workplace(server.variables);
  const { code, stderr } = await place.dotevals(
    "run",
    evaluation,
    "--experiment",
    "e",
    "--samples",
    "10",
  );
  assertEquals(code, 0, stderr);
  const { stdout } = await place.dotevals("show", "e", "--json");
  const [shown] = JSON.parse(stdout).evaluations;
  assertEquals(server.calls.filter((name) => name === "FunctionMap").length, 10);
  assertEquals([...parameters], ["Qwen/Qwen2.5-0.5B-Instruct"]);
  assert(JSON.stringify(shown).includes('"modal"'), stdout);
});
