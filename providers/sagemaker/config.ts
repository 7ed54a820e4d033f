/**
 * The options of the `sagemaker` provider.
 *
 * @module
 */
import * as v from "valibot";
import { optionsSchema } from "../_options_schema.ts";

/** How an endpoint's container wants its requests, where it is neither of the known ones. */
export interface PayloadTemplate {
  /**
   * The request's body. `{{prompt}}` in its texts is replaced by the prompt; a text that is exactly
   * `{{messages}}`, `{{temperature}}`, `{{maxTokens}}`, `{{seed}}`, `{{stop}}` or `{{schema}}` by that
   * value, and left out with its field where the request has none.
   */
  readonly body: unknown;
  /** Where the text is in the answer: names and indexes with dots between, `outputs.0.text`. */
  readonly text: string;
  /** Where the next piece of text is in each event of a stream; without it nothing is streamed. */
  readonly delta?: string | undefined;
  /** Where the answer says how many tokens the request had. */
  readonly inputTokens?: string | undefined;
  /** Where the answer says how many tokens it has itself. */
  readonly outputTokens?: string | undefined;
}

/** How many instances an endpoint that is created has, by what it has to do. */
export interface Autoscaling {
  /** Instances at least. */
  readonly min: number;
  /** Instances at most. */
  readonly max: number;
  /** Requests per minute that one instance should get. */
  readonly target: number;
}

/** An endpoint to create for the session. */
export interface CreateOptions {
  /** The container's image; either this or `modelPackage`. */
  readonly image?: string | undefined;
  /** The ARN of a model package, as from the marketplace. */
  readonly modelPackage?: string | undefined;
  /** The model's artifacts: `s3://…/model.tar.gz`. */
  readonly modelData?: string | undefined;
  /** The container's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** The ARN of the role that the endpoint takes on. */
  readonly role: string;
  /** Such as `ml.g5.xlarge`. */
  readonly instanceType: string;
  /**
   * Instances at the start.
   *
   * @default {1}
   */
  readonly instanceCount?: number | undefined;
  /** Scales the endpoint; it has a fixed number of instances without. */
  readonly autoscaling?: Autoscaling | undefined;
  /**
   * Milliseconds between two questions whether it is in service.
   *
   * @default {10000}
   */
  readonly pollMs?: number | undefined;
}

/** The options of `sagemaker:ENDPOINT`. */
export interface SageMakerConfig {
  /** The AWS region; `AWS_REGION` or `AWS_DEFAULT_REGION` where it is not given. */
  readonly region?: string | undefined;
  /**
   * The environment variable that holds the id of the access key.
   *
   * @default {"AWS_ACCESS_KEY_ID"}
   */
  readonly accessKeyIdVariable?: string | undefined;
  /**
   * The environment variable that holds the secret access key.
   *
   * @default {"AWS_SECRET_ACCESS_KEY"}
   */
  readonly secretAccessKeyVariable?: string | undefined;
  /**
   * The environment variable that holds the token of a temporary key.
   *
   * @default {"AWS_SESSION_TOKEN"}
   */
  readonly sessionTokenVariable?: string | undefined;
  /**
   * How the container wants its requests: `vllm` (OpenAI's chat completions: vLLM, LMI, TGI 2),
   * `tgi` (`inputs` and `parameters`) or a template.
   *
   * @default {"vllm"}
   */
  readonly payload?: "vllm" | "tgi" | PayloadTemplate | undefined;
  /**
   * Whether answers are streamed, which gives the time to the first token.
   *
   * @default {true}
   */
  readonly stream?: boolean | undefined;
  /** The model's name in each request, where a container serves several. */
  readonly model?: string | undefined;
  /** The inference component that is meant, where an endpoint has several. */
  readonly inferenceComponent?: string | undefined;
  /** The production variant that is meant, where an endpoint has several. */
  readonly targetVariant?: string | undefined;
  /** More fields for the body of each request. */
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  /** Sampling temperature of requests that set none. */
  readonly temperature?: number | undefined;
  /** At most so many tokens in an answer, for requests that do not say. */
  readonly maxTokens?: number | undefined;
  /** Seed of requests that set none. */
  readonly seed?: number | undefined;
  /**
   * Milliseconds after which a call counts as lost.
   *
   * @default {600000}
   */
  readonly timeoutMs?: number | undefined;
  /** One URL in the place of AWS's own for all of its services; `AWS_ENDPOINT_URL` is read too. */
  readonly endpointUrl?: string | undefined;
  /** Creates the endpoint for the session and deletes it at the end. */
  readonly create?: CreateOptions | undefined;
}

const variable = v.optional(v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable"),
));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const path = v.pipe(v.string(), v.minLength(1));

const template = v.strictObject({
  body: v.unknown(),
  text: path,
  delta: v.optional(path),
  inputTokens: v.optional(path),
  outputTokens: v.optional(path),
});

const create = v.pipe(
  optionsSchema({
    image: v.optional(v.string()),
    modelPackage: v.optional(v.string()),
    modelData: v.optional(v.string()),
    env: v.optional(v.record(v.string(), v.string())),
    role: v.pipe(v.string(), v.startsWith("arn:", "must be the ARN of a role")),
    instanceType: v.string(),
    instanceCount: v.optional(v.pipe(count, v.minValue(1))),
    autoscaling: v.optional(v.pipe(
      v.strictObject({ min: count, max: count, target: v.number() }),
      v.check(({ min, max }) => min <= max, "min is above max"),
    )),
    pollMs: v.optional(v.pipe(v.number(), v.minValue(1))),
  }),
  v.check(
    ({ image, modelPackage }) => (image === undefined) !== (modelPackage === undefined),
    "needs either image or modelPackage",
  ),
);

/** Checks the options. */
export const sageMakerConfig = optionsSchema({
  region: v.optional(v.pipe(v.string(), v.regex(/^[a-z0-9-]+$/, "must be the name of a region"))),
  accessKeyIdVariable: variable,
  secretAccessKeyVariable: variable,
  sessionTokenVariable: variable,
  payload: v.optional(v.union([v.picklist(["vllm", "tgi"]), template])),
  stream: v.optional(v.boolean()),
  model: v.optional(v.string()),
  inferenceComponent: v.optional(v.string()),
  targetVariant: v.optional(v.string()),
  body: v.optional(v.record(v.string(), v.unknown())),
  temperature: v.optional(v.pipe(v.number(), v.minValue(0))),
  maxTokens: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
  seed: v.optional(v.pipe(v.number(), v.integer())),
  timeoutMs: v.optional(v.pipe(v.number(), v.minValue(1))),
  endpointUrl: v.optional(v.pipe(
    v.string(),
    v.check((text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""), "must be an http(s) URL"),
  )),
  create: v.optional(create),
});
