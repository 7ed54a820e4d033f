import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { vllm } from "../../providers/sagemaker/testing/containers.ts";
import { KEY_ENV, startAws } from "../../providers/sagemaker/testing/stand_in.ts";
import { workplace } from "../../tests/cli/command.ts";

const evaluation = fromFileUrl(new URL("sagemaker.eval.ts", import.meta.url));

Deno.test("the example for sagemaker runs against a stand-in for AWS, and leaves nothing there", async () => {
  const container = vllm(({ messages }) => ({
    content: `It is ${String(messages[0]?.content).match(/\d+/)?.[0]}.`,
  }));
  await using aws = startAws({ containers: { any: container } });
  await using place = await workplace({
    ...KEY_ENV,
    AWS_ENDPOINT_URL: aws.url,
  });
  const args = ["run", evaluation, "--experiment", "e", "--samples", "10"];
  const { code, stderr } = await place.dotevals(...args);
  assertEquals(code, 0, stderr);
  assertEquals(aws.invocations.length, 10);
  const { control, scaling } = aws;
  assertEquals([control.endpoints.size, control.configs.size, control.models.size], [0, 0, 0]);
  assertEquals(scaling.targets.size, 0);
});
