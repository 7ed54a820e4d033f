import { assertEquals, assertRejects } from "@std/assert";
import { DotevalsError } from "../../src/errors.ts";
import { vllm } from "./testing/containers.ts";
import { setUp } from "./testing/set_up.ts";
import { type Aws, startAws } from "./testing/stand_in.ts";

const containers = { any: vllm(() => ({ content: "4" })) };
const create = {
  image: "123456789012.dkr.ecr.eu-test-1.amazonaws.com/vllm:1",
  modelData: "s3://bucket/model.tar.gz",
  env: { HF_MODEL_ID: "Qwen/Qwen2.5-0.5B-Instruct" },
  role: "arn:aws:iam::123456789012:role/sagemaker",
  instanceType: "ml.g5.xlarge",
  autoscaling: { min: 1, max: 4, target: 100 },
  pollMs: 1,
};

function assertNothingLeft({ control, scaling }: Aws): void {
  assertEquals([control.models.size, control.configs.size, control.endpoints.size], [0, 0, 0]);
  assertEquals([scaling.targets.size, scaling.policies.size], [0, 0]);
}

Deno.test("sagemaker: creates an endpoint with its scaling, and deletes all of it at teardown", async () => {
  await using aws = startAws({ containers, start: { asks: 3 } });
  const logged: string[] = [];
  const handle = await setUp(
    { endpointUrl: aws.url, create },
    { onLog: (message) => logged.push(message) },
  );
  assertEquals(aws.operations, [
    "CreateModel",
    "CreateEndpointConfig",
    "CreateEndpoint",
    ...Array.from({ length: 4 }, () => "DescribeEndpoint"),
    "RegisterScalableTarget",
    "PutScalingPolicy",
  ]);
  const resource = "endpoint/my-endpoint/variant/AllTraffic";
  assertEquals([...aws.scaling.targets], [[resource, { min: 1, max: 4 }]]);
  assertEquals([...aws.scaling.policies], [[resource, 100]]);
  const [model] = aws.control.models.values() as Iterable<Record<string, unknown>>;
  assertEquals(model?.PrimaryContainer, {
    Image: create.image,
    ModelDataUrl: create.modelData,
    Environment: create.env,
  });
  assertEquals((await handle.model.generate("2 + 2?")).text, "4");
  await handle.teardown();
  await handle.teardown();
  assertNothingLeft(aws);
  assertEquals(logged.filter((line) => line.includes("deleted")).length, 1);
});

Deno.test("sagemaker: a model package goes without scaling", async () => {
  await using aws = startAws({ containers });
  const modelPackage = "arn:aws:sagemaker:eu-test-1:1:model-package/m/1";
  const { image: _, autoscaling: __, modelData: ___, ...rest } = create;
  await using _handle = await setUp({ endpointUrl: aws.url, create: { ...rest, modelPackage } });
  const [model] = aws.control.models.values() as Iterable<Record<string, unknown>>;
  assertEquals(model?.PrimaryContainer, {
    ModelPackageName: modelPackage,
    Environment: create.env,
  });
  assertEquals(aws.scaling.targets.size, 0);
});

Deno.test("sagemaker: an endpoint that fails says why, and leaves nothing", async () => {
  await using aws = startAws({
    start: { asks: 1, failureReason: "The container did not pass the ping health check." },
  });
  await assertRejects(
    () => setUp({ endpointUrl: aws.url, create }),
    DotevalsError,
    "is Failed instead of in service: The container did not pass the ping health check.",
  );
  assertNothingLeft(aws);
});

for (
  const operation of [
    "CreateModel",
    "CreateEndpointConfig",
    "CreateEndpoint",
    "DescribeEndpoint",
    "RegisterScalableTarget",
    "PutScalingPolicy",
  ]
) {
  Deno.test(`sagemaker: leaves nothing when ${operation} is refused`, async () => {
    let refused = 0;
    await using aws = startAws({
      on: (asked) =>
        asked === operation && refused++ === 0
          ? { status: 400, type: "AccessDeniedException", message: "not authorized" }
          : undefined,
    });
    const setup = () => setUp({ endpointUrl: aws.url, create });
    await assertRejects(setup, DotevalsError, "not authorized");
    assertNothingLeft(aws);
  });
}

Deno.test("sagemaker: deletes an endpoint whose creation was done, but not confirmed", async () => {
  let lost = false;
  await using aws = startAws({
    on: (asked) => {
      if (asked !== "CreateEndpoint" || lost) return undefined;
      lost = true;
      const [EndpointConfigName] = aws.control.configs.keys();
      aws.control.answer("CreateEndpoint", { EndpointName: "my-endpoint", EndpointConfigName });
      return { status: 400, type: "RequestLost", message: "lost" };
    },
  });
  await assertRejects(() => setUp({ endpointUrl: aws.url, create }), DotevalsError, "lost");
  assertNothingLeft(aws);
});

Deno.test("sagemaker: an endpoint of this name that is there already is left alone", async () => {
  await using aws = startAws();
  aws.control.models.set("theirs", {});
  aws.control.configs.set("theirs", { model: "theirs" });
  aws.control.answer("CreateEndpoint", {
    EndpointName: "my-endpoint",
    EndpointConfigName: "theirs",
  });
  await assertRejects(
    () => setUp({ endpointUrl: aws.url, create }),
    DotevalsError,
    "Cannot create already existing endpoint",
  );
  assertEquals([...aws.control.endpoints.keys()], ["my-endpoint"]);
  assertEquals([...aws.control.configs.keys()], ["theirs"]);
  assertEquals([...aws.control.models.keys()], ["theirs"]);
});

Deno.test("sagemaker: an endpoint that others replaced meanwhile is left alone", async () => {
  await using aws = startAws();
  const warned: string[] = [];
  const handle = await setUp(
    { endpointUrl: aws.url, create },
    { onLog: (message) => warned.push(message) },
  );
  aws.control.endpoints.set("my-endpoint", {
    configName: "theirs",
    status: "InService",
    asksLeft: 0,
  });
  await handle.teardown();
  assertEquals([...aws.control.endpoints.keys()], ["my-endpoint"]);
  assertEquals(warned.at(-1)?.includes("another configuration"), true);
});

Deno.test("sagemaker: an aborted setup deletes what it began, once SageMaker lets it", async () => {
  const controller = new AbortController();
  let asked = 0;
  await using aws = startAws({
    start: { asks: 8 },
    on: (operation) => {
      if (operation === "DescribeEndpoint" && ++asked === 3) controller.abort(new Error("stopped"));
      return undefined;
    },
  });
  const { signal } = controller;
  await assertRejects(() => setUp({ endpointUrl: aws.url, create }, { signal }), Error, "stopped");
  assertNothingLeft(aws);
  assertEquals(aws.operations.filter((operation) => operation === "DeleteEndpoint").length, 1);
});
