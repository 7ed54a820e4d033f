/**
 * Whose account at Modal is used: options and variables that both of its providers take.
 *
 * @module
 */
import * as v from "valibot";
import { DotevalsError } from "../../src/errors.ts";

/** Whose account, and which of its environments. */
export interface ModalAccountConfig {
  /** Modal's environment; `MODAL_ENVIRONMENT` is read where it is not given. */
  readonly environment?: string | undefined;
  /**
   * The environment variable that holds the token's id.
   *
   * @default {"MODAL_TOKEN_ID"}
   */
  readonly tokenIdVariable?: string | undefined;
  /**
   * The environment variable that holds the token's secret.
   *
   * @default {"MODAL_TOKEN_SECRET"}
   */
  readonly tokenSecretVariable?: string | undefined;
}

/** The name of an environment variable. */
export const variableName = v.pipe(
  v.string(),
  v.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "must be the name of an environment variable"),
);

/** Checks of the account's options. */
export const accountEntries = {
  environment: v.optional(v.string()),
  tokenIdVariable: v.optional(variableName),
  tokenSecretVariable: v.optional(variableName),
};

/** The environment variables that both providers ask for. */
export const ACCOUNT_VARIABLES: readonly string[] = [
  "MODAL_TOKEN_ID",
  "MODAL_TOKEN_SECRET",
  "MODAL_ENVIRONMENT",
  "MODAL_SERVER_URL",
];

/** A token, in the form of the SDK's parameters. */
export interface ModalToken {
  readonly tokenId: string;
  readonly tokenSecret: string;
}

/**
 * The token in the environment; `undefined` where there is none, and it is for the SDK to find one in
 * `~/.modal.toml`.
 *
 * @throws {DotevalsError} `no-key` if one half is there, or a variable that an option names is not
 */
export function tokenOf(
  config: ModalAccountConfig,
  env: (name: string) => string | undefined,
): ModalToken | undefined {
  const idVariable = config.tokenIdVariable ?? "MODAL_TOKEN_ID";
  const secretVariable = config.tokenSecretVariable ?? "MODAL_TOKEN_SECRET";
  const tokenId = env(idVariable);
  const tokenSecret = env(secretVariable);
  if (tokenId && tokenSecret) return { tokenId, tokenSecret };
  if (tokenId || config.tokenSecretVariable) throw noToken(secretVariable);
  if (tokenSecret || config.tokenIdVariable) throw noToken(idVariable);
  return undefined;
}

/** The error where a variable, or any token at all, is missing. */
export function noToken(variable?: string): DotevalsError {
  return new DotevalsError(
    variable === undefined
      ? "there is no token for Modal"
      : `the environment variable ${variable}, which must hold half of the token for Modal, is not set`,
    {
      code: "no-key",
      hint: "Set MODAL_TOKEN_ID and MODAL_TOKEN_SECRET, or run `modal token new`, which writes " +
        "~/.modal.toml.",
      exitCode: 3,
    },
  );
}
