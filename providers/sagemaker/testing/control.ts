/**
 * SageMaker's control plane: models, endpoint configurations and endpoints.
 *
 * @module
 */
import * as v from "valibot";
import { checked } from "./checked.ts";
import { Refused } from "./refusal.ts";

const name = v.pipe(v.string(), v.regex(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}$/, "Invalid name"));
const tags = v.optional(v.array(v.strictObject({ Key: v.string(), Value: v.string() })));

const shapes = {
  CreateModel: v.strictObject({
    ModelName: name,
    ExecutionRoleArn: v.pipe(v.string(), v.startsWith("arn:aws:iam::")),
    PrimaryContainer: v.strictObject({
      Image: v.optional(v.string()),
      ModelPackageName: v.optional(v.string()),
      ModelDataUrl: v.optional(v.pipe(v.string(), v.regex(/^(https|s3):\/\//))),
      Environment: v.optional(v.record(v.string(), v.string())),
    }),
    Tags: tags,
  }),
  CreateEndpointConfig: v.strictObject({
    EndpointConfigName: name,
    ProductionVariants: v.pipe(
      v.array(v.strictObject({
        VariantName: name,
        ModelName: name,
        InstanceType: v.pipe(v.string(), v.startsWith("ml.")),
        InitialInstanceCount: v.pipe(v.number(), v.integer(), v.minValue(1)),
        ContainerStartupHealthCheckTimeoutInSeconds: v.optional(v.number()),
      })),
      v.length(1),
    ),
    Tags: tags,
  }),
  CreateEndpoint: v.strictObject({ EndpointName: name, EndpointConfigName: name, Tags: tags }),
  DescribeEndpoint: v.strictObject({ EndpointName: name }),
  DeleteEndpoint: v.strictObject({ EndpointName: name }),
  DeleteEndpointConfig: v.strictObject({ EndpointConfigName: name }),
  DeleteModel: v.strictObject({ ModelName: name }),
};

/** An endpoint: how often it is still asked about before it is in service, or fails. */
export interface Endpoint {
  readonly configName: string;
  status: "Creating" | "InService" | "Failed";
  asksLeft: number;
  readonly failureReason?: string | undefined;
}

/** How endpoints start. */
export interface Start {
  /** After so many questions about it an endpoint is in service. */
  readonly asks: number;
  /** It fails then, for this reason. */
  readonly failureReason?: string;
}

/** What an account has. */
export class ControlPlane {
  readonly models = new Map<string, unknown>();
  readonly configs = new Map<string, { readonly model: string }>();
  readonly endpoints = new Map<string, Endpoint>();

  /** An account in which endpoints start as `start` says. */
  constructor(private readonly start: Start) {}

  /** Answers an operation. */
  answer(operation: string, input: unknown): unknown {
    switch (operation) {
      case "CreateModel": {
        const model = this.#checked(operation, input);
        const { Image, ModelPackageName } = model.PrimaryContainer;
        if ((Image === undefined) === (ModelPackageName === undefined)) {
          throw invalid("Exactly one of Image and ModelPackageName must be given.");
        }
        add(this.models, { kind: "model", name: model.ModelName, value: model });
        return { ModelArn: arn("model", model.ModelName) };
      }
      case "CreateEndpointConfig": {
        const config = this.#checked(operation, input);
        const model = config.ProductionVariants[0]?.ModelName ?? "";
        if (!this.models.has(model)) {
          throw invalid(`Could not find model "${arn("model", model)}".`);
        }
        add(this.configs, {
          kind: "endpoint configuration",
          name: config.EndpointConfigName,
          value: { model },
        });
        return { EndpointConfigArn: arn("endpoint-config", config.EndpointConfigName) };
      }
      case "CreateEndpoint": {
        const { EndpointName, EndpointConfigName } = this.#checked(operation, input);
        if (!this.configs.has(EndpointConfigName)) {
          throw invalid(`Could not find endpoint configuration "${EndpointConfigName}".`);
        }
        const { asks, failureReason } = this.start;
        add(this.endpoints, {
          kind: "endpoint",
          name: EndpointName,
          value: {
            configName: EndpointConfigName,
            status: "Creating",
            asksLeft: asks,
            failureReason,
          },
        });
        return { EndpointArn: arn("endpoint", EndpointName) };
      }
      case "DescribeEndpoint":
        return this.#describe(this.#checked(operation, input).EndpointName);
      case "DeleteEndpoint": {
        const { EndpointName } = this.#checked(operation, input);
        if (this.#endpoint(EndpointName).status === "Creating") {
          throw invalid(
            `Cannot delete endpoint "${arn("endpoint", EndpointName)}" while Creating.`,
          );
        }
        this.endpoints.delete(EndpointName);
        return undefined;
      }
      case "DeleteEndpointConfig": {
        const { EndpointConfigName } = this.#checked(operation, input);
        if (!this.configs.delete(EndpointConfigName)) {
          throw invalid(`Could not find endpoint configuration "${EndpointConfigName}".`);
        }
        return undefined;
      }
      case "DeleteModel": {
        const { ModelName } = this.#checked(operation, input);
        if (!this.models.delete(ModelName)) throw invalid(`Could not find model "${ModelName}".`);
        return undefined;
      }
      default:
        throw new Refused({
          status: 400,
          type: "UnknownOperationException",
          message: `There is no operation ${operation}.`,
        });
    }
  }

  #checked<Name extends keyof typeof shapes>(
    operation: Name,
    input: unknown,
  ): v.InferOutput<(typeof shapes)[Name]> {
    return checked(shapes[operation] as v.GenericSchema, input, {
      type: "SerializationException",
    }) as v.InferOutput<(typeof shapes)[Name]>;
  }

  #endpoint(name: string): Endpoint {
    const endpoint = this.endpoints.get(name);
    if (endpoint === undefined) {
      throw invalid(`Could not find endpoint "${arn("endpoint", name)}".`);
    }
    return endpoint;
  }

  #describe(name: string): unknown {
    const endpoint = this.#endpoint(name);
    if (endpoint.status === "Creating" && endpoint.asksLeft-- <= 0) {
      endpoint.status = endpoint.failureReason === undefined ? "InService" : "Failed";
    }
    return {
      EndpointName: name,
      EndpointArn: arn("endpoint", name),
      EndpointConfigName: endpoint.configName,
      EndpointStatus: endpoint.status,
      ...endpoint.status === "Failed" && { FailureReason: endpoint.failureReason },
      CreationTime: 1_700_000_000,
      LastModifiedTime: 1_700_000_000,
    };
  }
}

function add<Value>(
  there: Map<string, Value>,
  { kind, name, value }: { readonly kind: string; readonly name: string; readonly value: Value },
): void {
  if (there.has(name)) throw invalid(`Cannot create already existing ${kind} "${name}".`);
  there.set(name, value);
}

function arn(kind: string, name: string): string {
  return `arn:aws:sagemaker:eu-test-1:123456789012:${kind}/${name}`;
}

function invalid(message: string): Refused {
  return new Refused({ status: 400, type: "ValidationException", message });
}
