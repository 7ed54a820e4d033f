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
  const named = Object.entries(config.headerVariables ?? {}).map(([header, variable]) => {
    const value = env(variable);
    if (!value) throw noValue(variable, `the header ${header}`, "headerVariables");
    return [header, value] as const;
  });
  const keyVariable = config.apiKeyVariable ?? DEFAULT_KEY_VARIABLE;
  const key = env(keyVariable);
  const needed = config.apiKeyVariable !== undefined ||
    !LOOPBACK.test(hostname) && named.length === 0;
  if (!key && needed) throw noValue(keyVariable, `the key for ${host}`, "apiKeyVariable");
  return {
    baseUrl,
    host,
    headers: {
      ...key && { authorization: `Bearer ${key}` },
      ...config.organization && { "openai-organization": config.organization },
      ...config.project && { "openai-project": config.project },
      ...Object.fromEntries(named),
    },
    secrets: [...key ? [key] : [], ...named.map(([, value]) => value)],
  };
}

function noValue(variable: string, what: string, option: string): DotevalsError {
  return new DotevalsError(
    `the environment variable ${variable}, which must hold ${what}, is not set`,
    {
      code: "no-key",
      hint: `Set ${variable}, or name another variable with the option ${option}.`,
      exitCode: 3,
    },
  );
}
