/**
 * The provider packages of the AI SDK that are known by name.
 *
 * @module
 */

/** What is to be known of a package before it is loaded. */
export interface ProviderPackage {
  /** Where it is. */
  readonly specifier: string;
  /** The function that makes the provider. */
  readonly factory: string;
  /** Settings that are secrets or come with them, and the environment variables that hold them. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Those of them that may be missing. */
  readonly optional?: readonly string[];
  /**
   * Its endpoint. It is stated here where the package would otherwise look into the environment by
   * itself.
   */
  readonly baseUrl?: (settings: Readonly<Record<string, unknown>>) => string;
  /** The host that it asks. */
  readonly host?: string;
  /** Its id in the price list. */
  readonly priceId?: string;
  /** Settings that are always given. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** By what stands before the slash of a spec. */
export const PACKAGES: Readonly<Record<string, ProviderPackage>> = {
  anthropic: {
    specifier: "npm:@ai-sdk/anthropic@^4",
    factory: "createAnthropic",
    host: "api.anthropic.com",
    priceId: "anthropic",
    variables: { apiKey: "ANTHROPIC_API_KEY" },
    baseUrl: () => "https://api.anthropic.com/v1",
  },
  google: {
    specifier: "npm:@ai-sdk/google@^4",
    factory: "createGoogle",
    host: "generativelanguage.googleapis.com",
    priceId: "google",
    variables: { apiKey: "GOOGLE_GENERATIVE_AI_API_KEY" },
  },
  mistral: {
    specifier: "npm:@ai-sdk/mistral@^4",
    factory: "createMistral",
    host: "api.mistral.ai",
    priceId: "mistral",
    variables: { apiKey: "MISTRAL_API_KEY" },
  },
  bedrock: {
    specifier: "npm:@ai-sdk/amazon-bedrock@^5",
    factory: "createAmazonBedrock",
    host: "*.amazonaws.com",
    priceId: "aws",
    variables: {
      region: "AWS_REGION",
      accessKeyId: "AWS_ACCESS_KEY_ID",
      secretAccessKey: "AWS_SECRET_ACCESS_KEY",
      sessionToken: "AWS_SESSION_TOKEN",
    },
    optional: ["sessionToken"],
    baseUrl: ({ region }) => `https://bedrock-runtime.${region}.amazonaws.com`,
    // An empty key means the access key; without it the package would look for a key of its own.
    settings: { apiKey: "" },
  },
  ollama: {
    specifier: "npm:ollama-ai-provider-v2@^4",
    factory: "createOllama",
    host: "127.0.0.1:11434",
    baseUrl: () => "http://127.0.0.1:11434/api",
  },
  "openai-compatible": {
    specifier: "npm:@ai-sdk/openai-compatible@^3",
    factory: "createOpenAICompatible",
    settings: { name: "openai-compatible", includeUsage: true, supportsStructuredOutputs: true },
  },
};

/** The hosts of the known packages. */
export const HOSTS: readonly string[] = Object.values(PACKAGES).flatMap(({ host }) => host ?? []);

/** The environment variables that hold the keys of the known packages. */
export const VARIABLES: readonly string[] = [
  ...new Set(Object.values(PACKAGES).flatMap(({ variables = {} }) => Object.values(variables))),
];
