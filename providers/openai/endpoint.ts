/**
 * Where requests go, and with which key.
 *
 * @module
 */
import { DotevalsError } from "../../src/errors.ts";
import type { SetupContext } from "../../src/providers/provider.ts";
import { isHttpUrl, type OpenAIConfig } from "./config.ts";

const DEFAULT_BASE_URL = "https://api.openai.com/v1";
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

/** The environment variable of the key where no other is named. */
export const DEFAULT_KEY_VARIABLE = "OPENAI_API_KEY";

/** An endpoint of the API. */
export interface Endpoint {
  readonly baseUrl: string;
  readonly host: string;
  /** Headers of every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** What no message may show. */
  readonly secrets: readonly string[];
}

/** The endpoint that options and environment name. */
export function endpointOf({ config, env }: SetupContext<OpenAIConfig>): Endpoint {
  const baseUrl = config.baseUrl ?? env("OPENAI_BASE_URL") ?? DEFAULT_BASE_URL;
  if (!isHttpUrl(baseUrl)) {
    throw new Error("OPENAI_BASE_URL is no http or https URL without a password");
  }
  const { hostname, host } = new URL(baseUrl);
  const keyVariable = config.apiKeyVariable ?? DEFAULT_KEY_VARIABLE;
  const key = env(keyVariable);
  if (!key && (config.apiKeyVariable !== undefined || !LOOPBACK.test(hostname))) {
    throw noKey(keyVariable, host);
  }
  return {
    baseUrl,
    host,
    headers: {
      ...key && { authorization: `Bearer ${key}` },
      ...config.organization && { "openai-organization": config.organization },
      ...config.project && { "openai-project": config.project },
    },
    secrets: key ? [key] : [],
  };
}

function noKey(variable: string, host: string): DotevalsError {
  return new DotevalsError(
    `the environment variable ${variable}, which must hold the key for ${host}, is not set`,
    {
      code: "no-key",
      hint: `Set ${variable}, or name another variable with the option apiKeyVariable.`,
      exitCode: 3,
    },
  );
}
