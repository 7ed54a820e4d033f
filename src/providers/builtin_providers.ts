/**
 * The built-in providers, as they can be told of without loading one.
 *
 * @module
 */
import type { ProviderPermissions } from "./provider.ts";

/** A provider that needs no more than its name: the part of a spec before its colon. */
export interface BuiltinProvider {
  readonly name: string;
  /** What a model's spec looks like. */
  readonly spec: string;
  /** What it is for, in a line. */
  readonly summary: string;
  /** Its own `permissions`, which a test compares. */
  readonly permissions: ProviderPermissions;
}

const AWS_KEY = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"] as const;

/** In the order in which messages list them. */
export const BUILTIN_PROVIDERS: readonly BuiltinProvider[] = [
  {
    name: "openai",
    spec: "openai:MODEL",
    summary: "OpenAI, and every server that speaks its API",
    permissions: { net: ["api.openai.com"], env: ["OPENAI_API_KEY", "OPENAI_BASE_URL"] },
  },
  {
    name: "vllm",
    spec: "vllm:MODEL",
    summary: "vLLM on this machine, started for the session, or a server that runs",
    permissions: { run: ["vllm", "sh"], net: ["127.0.0.1"], env: ["VLLM_API_KEY"] },
  },
  {
    name: "sagemaker",
    spec: "sagemaker:ENDPOINT",
    summary: "an endpoint of Amazon SageMaker, also one created for the session",
    permissions: {
      net: ["*.amazonaws.com", "*.amazonaws.com.cn"],
      env: [...AWS_KEY, "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL"],
    },
  },
  {
    name: "ai",
    spec: "ai:PROVIDER/MODEL",
    summary: "any model of the Vercel AI SDK; each provider of it needs its own key only",
    permissions: {
      net: [
        "api.anthropic.com",
        "generativelanguage.googleapis.com",
        "api.mistral.ai",
        "*.amazonaws.com",
        "127.0.0.1:11434",
      ],
      env: [
        "ANTHROPIC_API_KEY",
        "GOOGLE_GENERATIVE_AI_API_KEY",
        "MISTRAL_API_KEY",
        "AWS_REGION",
        ...AWS_KEY,
      ],
    },
  },
  {
    name: "modal",
    spec: "modal:APP/FUNCTION",
    summary: "a function, or a class's method (APP/CLASS.METHOD), that is deployed on Modal",
    permissions: {
      net: ["api.modal.com"],
      env: ["MODAL_TOKEN_ID", "MODAL_TOKEN_SECRET", "MODAL_ENVIRONMENT", "MODAL_SERVER_URL"],
    },
  },
  {
    name: "modal-vllm",
    spec: "modal-vllm:MODEL",
    summary: "vLLM in sandboxes with GPUs on Modal, started for the session",
    permissions: {
      net: ["api.modal.com", "*.modal.host"],
      env: [
        "MODAL_TOKEN_ID",
        "MODAL_TOKEN_SECRET",
        "MODAL_ENVIRONMENT",
        "MODAL_SERVER_URL",
        "HF_TOKEN",
      ],
    },
  },
  {
    name: "echo",
    spec: "echo:",
    summary: "answers with the last user message; for tests",
    permissions: {},
  },
  {
    name: "example",
    spec: "example:arithmetic",
    summary: "small models that compute their answers by rules; also sentiment, extract",
    permissions: {},
  },
];
