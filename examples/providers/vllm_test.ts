import { assert, assertEquals, assertMatch } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { running } from "../../providers/vllm/testing/process_state.ts";
import { standIn } from "../../providers/vllm/testing/stand_in.ts";
import { workplace } from "../../tests/cli/command.ts";

const evaluation = fromFileUrl(new URL("vllm.eval.ts", import.meta.url));

Deno.test("the example for vllm runs against a stand-in for vllm, which is ended", async () => {
  await using vllm = await standIn({ solves: true });
  await using place = await workplace({ PATH: `${vllm.folder}:${Deno.env.get("PATH")}` });
  const args = ["run", evaluation, "--experiment", "e", "--samples", "10"];
  const { code, stderr } = await place.dotevals(...args);
  assertEquals(code, 0, stderr);
  assertMatch(stderr, /^vllm: .* is starting on port \d+ .*\n.*vllm: .* is ready on port/ms);
  const [only, ...others] = await vllm.started();
  assert(only && others.length === 0);
  assertEquals(await running([only.server, only.engine]), []);
  const { stdout } = await place.dotevals("show", "e", "--json");
  const [shown] = JSON.parse(stdout).evaluations;
  assertEquals([shown.completed, shown.errors], [10, 0]);
});
