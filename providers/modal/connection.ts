/**
 * A connection to Modal: its SDK's client, with this library's rules around each of its calls.
 *
 * @module
 */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ModalClient } from "modal";
import type { CallOptions, ClientMiddleware } from "nice-grpc";
import type { LogLevel, SetupContext } from "../../src/providers/provider.ts";
import { type ModalAccountConfig, noToken, tokenOf } from "./account.ts";
import { withRetryAfter } from "./retry_after.ts";
import { loadSdk } from "./load_sdk.ts";

/** Milliseconds that one call may take; the longest poll takes 55 s. */
const CALL_TIMEOUT_MS = 90_000;

/** Options of a call that the SDK's own middleware takes. */
interface MoreOptions {
  readonly retries?: number;
  readonly timeoutMs?: number;
}

/** What {@linkcode connect} is told beside the provider's context. */
export interface ConnectOptions {
  /** Calls that are not made a second time by the SDK, by the last part of their gRPC path. */
  readonly callOnce?: readonly string[];
  /** Calls that no abort interrupts, as what they have begun must be known to be ended. */
  readonly callThrough?: readonly string[];
  /** Whether to wait where Modal asks for that, rather than fail with a rate limit. */
  readonly waitWhenThrottled: boolean;
}

/** What holds for a run of calls. */
interface CallRules {
  readonly signal: AbortSignal;
  readonly onSandbox?: ((id: string) => void) | undefined;
}

/** A client, and how to make calls that end when a signal is aborted. */
export interface Connection {
  /** The SDK's client. */
  readonly client: ModalClient;
  /**
   * Runs calls of the SDK, which takes no signal itself: they end when `signal` is aborted, with its
   * reason. `onSandbox` is told the id of each sandbox as soon as Modal has made it: the SDK itself
   * gives it only once the sandbox runs, and none at all where that fails.
   */
  until<T>(
    signal: AbortSignal,
    calls: () => Promise<T>,
    onSandbox?: (id: string) => void,
  ): Promise<T>;
  /** A text without the token's secret, which an error of Modal's might repeat. */
  masked(text: string): string;
}

/**
 * Connects to Modal; no call is made before the first is needed.
 *
 * @throws {DotevalsError} `no-key` where there is no token
 */
export async function connect(
  { config, env, log }: SetupContext<ModalAccountConfig>,
  options: ConnectOptions,
): Promise<Connection> {
  const token = tokenOf(config, env);
  const { ModalClient } = await loadSdk();
  const current = new AsyncLocalStorage<CallRules>();
  const environment = config.environment ?? env("MODAL_ENVIRONMENT");
  const client = atServer(env("MODAL_SERVER_URL"), () =>
    new ModalClient({
      ...token,
      ...(environment ? { environment } : {}),
      ...(options.waitWhenThrottled ? {} : { maxThrottleWaitSecs: 0 }),
      logger: logTo(log),
      grpcMiddleware: [rules(options, current)],
    }));
  const { tokenId, tokenSecret, oauthRefreshToken } = client.profile;
  if (!(tokenId && tokenSecret) && !oauthRefreshToken) throw noToken();
  return {
    client,
    async until(signal, calls, onSandbox) {
      try {
        return await current.run({ signal, onSandbox }, calls);
      } catch (error) {
        // The SDK throws an abort of its own in place of the signal's reason.
        throw signal.aborted ? signal.reason : error;
      }
    },
    masked: (text) => tokenSecret ? text.replaceAll(tokenSecret, "***") : text,
  };
}

/**
 * The SDK takes the address of Modal's server from nowhere but the process's environment, when a
 * client is made; so it is there for that moment.
 */
function atServer<T>(url: string | undefined, make: () => T): T {
  const name = "MODAL_SERVER_URL";
  const before = Deno.env.get(name);
  if (!url || url === before) return make();
  Deno.env.set(name, url);
  try {
    return make();
  } finally {
    if (before === undefined) Deno.env.delete(name);
    else Deno.env.set(name, before);
  }
}

/** Runs before the SDK's own middleware, so that its options reach the SDK's retries. */
function rules(told: ConnectOptions, current: AsyncLocalStorage<CallRules>): ClientMiddleware {
  const callOnce = new Set(told.callOnce);
  // The token for the calls is asked for once for all of them, so none of them may end that.
  const callThrough = new Set(["AuthTokenGet", ...told.callThrough ?? []]);
  return async function* (call, options: CallOptions & MoreOptions) {
    const name = call.method.path.slice(call.method.path.lastIndexOf("/") + 1);
    const { signal: given, onSandbox } = current.getStore() ?? {};
    const signal = callThrough.has(name) ? undefined : given;
    signal?.throwIfAborted();
    const asked: MoreOptions = call.responseStream ? {} : { timeoutMs: CALL_TIMEOUT_MS };
    let details: unknown;
    try {
      const response = yield* call.next(call.request, {
        ...asked,
        ...options,
        ...(callOnce.has(name) ? { retries: 0 } : {}),
        ...(signal ? { signal: either(signal, options.signal) } : {}),
        onTrailer(trailer) {
          details = trailer.get("grpc-status-details-bin");
          options.onTrailer?.(trailer);
        },
      });
      if (name === "SandboxCreate") onSandbox?.(sandboxIdIn(response));
      return response;
    } catch (error) {
      throw withRetryAfter(error, details);
    }
  };
}

function either(left: AbortSignal, right: AbortSignal | undefined): AbortSignal {
  return right === undefined ? left : AbortSignal.any([left, right]);
}

function sandboxIdIn(response: unknown): string {
  return typeof response === "object" && response !== null && "sandboxId" in response
    ? String(response.sandboxId)
    : "";
}

function logTo(log: SetupContext["log"]) {
  const at = (level: LogLevel) => (message: string, ...rest: readonly unknown[]) =>
    log(level, `modal: ${[message, ...rest].map(String).join(" ")}`);
  return { debug: at("debug"), info: at("info"), warn: at("warn"), error: at("error") };
}
