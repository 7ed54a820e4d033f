/**
 * The `modal-vllm` provider: a fleet of vLLM servers in sandboxes with GPUs on Modal.
 *
 * @module
 */
import {
  defineProvider,
  modelHandle,
  type ModelProvider,
  type SetupContext,
} from "../../src/providers/provider.ts";
import { chatModel } from "../_chat_completions/chat_model.ts";
import { ACCOUNT_VARIABLES } from "../modal/account.ts";
import { connect, type Connection } from "../modal/connection.ts";
import { toSetupError } from "../modal/errors.ts";
import { type ModalVllmConfig, modalVllmConfig } from "./config.ts";
import { Fleet } from "./fleet.ts";
import { SandboxLauncher } from "./sandbox_launcher.ts";
import { type SandboxServer, startServer } from "./start_server.ts";

const START_TIMEOUT_MS = 1_800_000;
const IDLE_TIMEOUT_MS = 300_000;

/** Open connections keep a sandbox from being idle. */
const CONNECTION_IDLE_MS = 10_000;

/** What the provider takes from its surroundings. */
export interface ModalVllmSurroundings {
  /** Certificates to trust beside the usual ones. */
  readonly caCerts?: string[];
}

/** Makes the provider. */
export function modalVllmProvider(
  { caCerts }: ModalVllmSurroundings = {},
): ModelProvider<ModalVllmConfig> {
  return defineProvider<ModalVllmConfig>({
    name: "modal-vllm",
    permissions: {
      net: ["api.modal.com", "*.modal.host"],
      env: [...ACCOUNT_VARIABLES, "HF_TOKEN"],
    },
    config: modalVllmConfig,
    async setup(spec, context) {
      const { signal } = context;
      if (spec === "") throw new Error("no model is named: write modal-vllm:MODEL");
      const connection = await connect(context, {
        callThrough: ["SandboxCreate", "SandboxTerminate"],
        waitWhenThrottled: true,
      });
      const http = Deno.createHttpClient({
        poolIdleTimeout: CONNECTION_IDLE_MS,
        ...(caCerts && { caCerts }),
      });
      const key = crypto.randomUUID();
      let launcher: SandboxLauncher | undefined;
      let fleet: Fleet | undefined;
      const teardown = async () => {
        try {
          await fleet?.close();
          await launcher?.endAll();
        } finally {
          http.close();
          connection.client.close();
        }
      };
      try {
        launcher = await SandboxLauncher.open({ model: spec, connection, context, key });
        fleet = new Fleet(fleetOptions(spec, { launcher, connection, context, http, key }));
        const opened = fleet;
        await opened.open(signal);
        return modelHandle(`modal-vllm:${spec}`, {
          generate: (request, options = {}) => opened.generate(request, options),
        }, { teardown, load: () => opened.load() });
      } catch (error) {
        await teardown();
        throw signal.aborted ? signal.reason : toSetupError(error, connection.masked);
      }
    },
  });
}

interface Parts {
  readonly launcher: SandboxLauncher;
  readonly connection: Connection;
  readonly context: SetupContext<ModalVllmConfig>;
  readonly http: Deno.HttpClient;
  readonly key: string;
}

function fleetOptions(model: string, { launcher, connection, context, http, key }: Parts) {
  const { config, log } = context;
  const { sandboxes = 1, maxSandboxes = sandboxes } = config;
  return {
    start: (signal: AbortSignal) =>
      startServer({
        model,
        launcher,
        until: connection.until,
        http,
        startTimeoutMs: config.startTimeoutMs ?? START_TIMEOUT_MS,
        signal,
        onLine: (line) => log("debug", `vllm: ${line}`),
      }),
    end: (id: string) => launcher.end(id),
    member: ({ url }: SandboxServer) => ({
      http,
      model: chatModel({
        baseUrl: `${url}/v1`,
        headers: { authorization: `Bearer ${key}` },
        secrets: [key],
        client: http,
        timeoutMs: config.timeoutMs,
        model,
        maxTokensField: "max_tokens",
        temperature: config.temperature,
        maxTokens: config.maxTokens,
        seed: config.seed,
        body: config.body,
      }),
    }),
    size: sandboxes,
    maxSize: Math.max(sandboxes, maxSandboxes),
    idleTimeoutMs: config.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
    log,
  };
}
