/**
 * Models of a session: each set up once, however many evaluations use it.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import type { ModelSpec } from "../providers/model_spec.ts";
import type { LogLevel, ModelHandle } from "../providers/provider.ts";
import { canonical } from "../values/canonical.ts";
import type { RunListener } from "./events.ts";
import { SETUP_PATIENCE_MS, TEARDOWN_PATIENCE_MS } from "./fixture_pool.ts";
import { within } from "./within.ts";

/** What goes with setting a model up. */
export interface SetUpSurroundings {
  /** Aborted when the session stops while the model is still being set up. */
  readonly signal: AbortSignal;
  /** Where the provider's lines go. */
  readonly log: (level: LogLevel, message: string) => void;
}

/** Sets a model up. */
export type SetUpModel = (
  spec: ModelSpec,
  surroundings: SetUpSurroundings,
) => Promise<ModelHandle>;

/** What a pool of models needs of its session. */
export interface ModelPoolOptions {
  readonly clock: Clock;
  /** Tells setups that are under way to stop. */
  readonly signal: AbortSignal;
  /** Told of what happens to models. */
  readonly emit: RunListener;
}

/** The models of a session. */
export class ModelPool {
  #handles = new Map<string, Promise<ModelHandle>>();
  #setUp: SetUpModel;
  #options: ModelPoolOptions;

  /** Sets models up by `setUp`. */
  constructor(setUp: SetUpModel, options: ModelPoolOptions) {
    this.#setUp = setUp;
    this.#options = options;
  }

  /** The handle of a model, set up at the first call for its spec and options. */
  handle(spec: ModelSpec): Promise<ModelHandle> {
    const key = canonical([spec.spec, spec.options]);
    let handle = this.#handles.get(key);
    if (!handle) {
      handle = this.#begin(spec);
      this.#handles.set(key, handle);
    }
    return handle;
  }

  async #begin(spec: ModelSpec): Promise<ModelHandle> {
    const { signal, emit } = this.#options;
    const source = spec.spec.split(":")[0] ?? spec.name;
    const handle = await this.#setUp(spec, {
      signal,
      log: (level, text) => emit({ type: "message", level, text, source }),
    });
    emit({ type: "model-ready", model: spec.name, resourceId: handle.resourceId });
    return handle;
  }

  /**
   * Tears all models down, each even where another one fails.
   *
   * @returns what went wrong, in words
   */
  async tearDown(): Promise<readonly string[]> {
    const { clock } = this.#options;
    const setups = [...this.#handles.values()];
    this.#handles.clear();
    const standing: ModelHandle[] = [];
    for (const setup of setups) void setup.then((handle) => standing.push(handle), () => {});
    await within(Promise.allSettled(setups), { clock, milliseconds: SETUP_PATIENCE_MS })
      .catch(() => {});
    const failures = await Promise.all(standing.map((handle) => this.#end(handle)));
    return failures.filter((failure) => failure !== undefined);
  }

  async #end(handle: ModelHandle): Promise<string | undefined> {
    const { clock } = this.#options;
    try {
      await within(handle.teardown(), { clock, milliseconds: TEARDOWN_PATIENCE_MS });
      return undefined;
    } catch (error) {
      return `The teardown of ${handle.resourceId} failed: ${messageOf(error)}`;
    }
  }
}
