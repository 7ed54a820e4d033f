/**
 * With which key, and where, AWS is asked.
 *
 * @module
 */
import { FetchHttpHandler } from "@smithy/fetch-http-handler";
import { DotevalsError } from "../../src/errors.ts";
import type { SageMakerConfig } from "./config.ts";

/** What AWS's clients are made with. */
export interface Account {
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly endpointUrl: string | undefined;
}

/** The environment variables that are read without an option that names others. */
export const VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_REGION",
  "AWS_DEFAULT_REGION",
  "AWS_ENDPOINT_URL",
] as const;

/**
 * The account that the options and the environment name. Profiles, and the services that machines
 * in AWS ask for keys, are left alone: they would be files and hosts that nobody granted.
 *
 * @throws {DotevalsError} `no-key` or `no-region`
 */
export function toAccount(
  config: SageMakerConfig,
  env: (name: string) => string | undefined,
): Account {
  const region = config.region ?? (env("AWS_REGION") || env("AWS_DEFAULT_REGION"));
  if (!region) {
    throw new DotevalsError("no AWS region is given", {
      code: "no-region",
      hint: "Set AWS_REGION or the option region.",
      exitCode: 3,
    });
  }
  const secretAccessKeyVariable = config.secretAccessKeyVariable ?? "AWS_SECRET_ACCESS_KEY";
  const sessionToken = env(config.sessionTokenVariable ?? "AWS_SESSION_TOKEN");
  return {
    region,
    credentials: {
      accessKeyId: required(env, config.accessKeyIdVariable ?? "AWS_ACCESS_KEY_ID"),
      secretAccessKey: required(env, secretAccessKeyVariable),
      ...sessionToken ? { sessionToken } : {},
    },
    endpointUrl: config.endpointUrl ?? (env("AWS_ENDPOINT_URL") || undefined),
  };
}

/**
 * What one of AWS's clients is made with: everything that it would otherwise look for in the
 * environment, in `~/.aws` or in the network is given. `requestTimeout` is in milliseconds, 0 for none.
 */
export function clientConfig(
  { region, credentials, endpointUrl }: Account,
  { service, maxAttempts, requestTimeout }: {
    readonly service: string;
    readonly maxAttempts: number;
    readonly requestTimeout: number;
  },
) {
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return {
    region,
    credentials,
    endpoint: endpointUrl ?? `https://${service}.${region}.${domain}`,
    maxAttempts,
    retryMode: "standard",
    defaultsMode: "standard" as const,
    authSchemePreference: ["sigv4"],
    useDualstackEndpoint: false,
    useFipsEndpoint: false,
    userAgentAppId: "dotevals",
    disableClockSkewCorrection: false,
    requestHandler: new FetchHttpHandler({ requestTimeout }),
  };
}

function required(env: (name: string) => string | undefined, variable: string): string {
  const value = env(variable);
  if (value) return value;
  throw new DotevalsError(
    `the environment variable ${variable}, which must hold a part of the AWS key, is not set`,
    {
      code: "no-key",
      hint: "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; `aws configure export-credentials " +
        "--format env` prints those of a profile.",
      exitCode: 3,
    },
  );
}
