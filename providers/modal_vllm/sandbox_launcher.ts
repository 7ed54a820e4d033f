/**
 * Starts sandboxes on Modal, and ends each one that was ever made.
 *
 * @module
 */
import type { App, Image, Sandbox, Secret, Volume } from "modal";
import { DotevalsError } from "../../src/errors.ts";
import type { SetupContext } from "../../src/providers/provider.ts";
import type { Connection } from "../modal/connection.ts";
import { messageIn } from "../modal/errors.ts";
import { flagsOf } from "../vllm/config.ts";
import type { ModalVllmConfig } from "./config.ts";

/** Where vLLM listens in its sandbox. */
export const PORT = 8000;

const IMAGE = "vllm/vllm-openai:latest";
/** Where the sandbox is told to keep the weights that it downloads. */
const WEIGHTS = "/weights";
const IDLE_TIMEOUT_MS = 300_000;
const LIFETIME_MS = 14_400_000;

/** What a launcher works with. */
export interface LauncherOptions {
  readonly model: string;
  readonly connection: Connection;
  readonly context: SetupContext<ModalVllmConfig>;
  /** The key that the servers ask for: their tunnels can be reached by everybody. */
  readonly key: string;
}

interface Parts {
  readonly app: App;
  readonly image: Image;
  readonly secret: Secret;
  readonly volume: Volume | undefined;
}

/** Starts sandboxes, and ends them. */
export class SandboxLauncher {
  readonly #options: LauncherOptions;
  readonly #parts: Parts;
  /** Sandboxes that Modal has made, and that are not known to have ended. */
  readonly #ids = new Set<string>();

  private constructor(options: LauncherOptions, parts: Parts) {
    this.#options = options;
    this.#parts = parts;
  }

  /** Finds or makes what all sandboxes have in common; an image is built here, once. */
  static async open(options: LauncherOptions): Promise<SandboxLauncher> {
    const { connection: { client, until }, context: { config, env, signal }, key } = options;
    const parts = await until(signal, async () => {
      const app = await client.apps.fromName(config.app ?? "dotevals-vllm", {
        createIfMissing: true,
      });
      // The image's own entry point starts the server without a way to give it another command.
      const image = await client.images.fromRegistry(config.image ?? IMAGE)
        .dockerfileCommands(["ENTRYPOINT []"]).build(app);
      const hfToken = env(config.hfTokenVariable ?? "HF_TOKEN");
      const secret = await client.secrets.fromObject({
        VLLM_API_KEY: key,
        HF_HOME: WEIGHTS,
        ...(hfToken ? { HF_TOKEN: hfToken } : {}),
      });
      const volume = config.cacheVolume === undefined
        ? undefined
        : await client.volumes.fromName(config.cacheVolume, { createIfMissing: true });
      return { app, image, secret, volume };
    });
    return new SandboxLauncher(options, parts);
  }

  /**
   * Starts a sandbox. Where this fails or is aborted the SDK ends one that was made, and `endAll` does so
   * again.
   */
  async start(signal: AbortSignal): Promise<Sandbox> {
    const { model, connection, context: { config } } = this.#options;
    const { app, image, secret, volume } = this.#parts;
    let id: string | undefined;
    try {
      return await connection.until(signal, () =>
        connection.client.sandboxes.create(app, image, {
          command: [
            ...["vllm", "serve", model, "--host", "0.0.0.0", "--port", String(PORT)],
            ...flagsOf(config.args),
          ],
          gpu: config.gpu ?? "L4",
          encryptedPorts: [PORT],
          secrets: [secret],
          timeoutMs: config.lifetimeMs ?? LIFETIME_MS,
          idleTimeoutMs: config.idleTimeoutMs ?? IDLE_TIMEOUT_MS,
          ...(volume ? { volumes: { [WEIGHTS]: volume } } : {}),
        }), (made) => {
        id = made;
        this.#ids.add(made);
      });
    } catch (error) {
      // It ended before the SDK saw it run; its log says why.
      if (id !== undefined && error instanceof Error && error.name === "ConflictError") {
        return await connection.client.sandboxes.fromId(id);
      }
      throw error;
    }
  }

  /** Ends a sandbox; where that fails it is tried again at the end of all. */
  async end(id: string): Promise<void> {
    const { connection: { client, masked }, context: { log } } = this.#options;
    try {
      const sandbox = await client.sandboxes.fromId(id);
      await sandbox.terminate();
      this.forget(id);
    } catch (error) {
      log("warn", `The sandbox ${id} could not be ended: ${masked(messageIn(error))}`);
    }
  }

  /** A sandbox that has ended by itself needs no end. */
  forget(id: string): void {
    this.#ids.delete(id);
  }

  /**
   * Ends all sandboxes.
   *
   * @throws {DotevalsError} `sandboxes-left` with the ids of those that could not be ended
   */
  async endAll(): Promise<void> {
    await Promise.all([...this.#ids].map((id) => this.end(id)));
    if (this.#ids.size === 0) return;
    const ids = [...this.#ids];
    throw new DotevalsError(`Sandboxes on Modal could not be ended: ${ids.join(", ")}`, {
      code: "sandboxes-left",
      hint:
        "Modal ends them when they have been idle for a while. To end one now, with Modal's Python " +
        "client: python -c \"import modal; modal.Sandbox.from_id('ID').terminate()\".",
      exitCode: 3,
    });
  }
}
