/**
 * Models of a session: each set up once, however many evaluations use it, and torn down when the
 * last of them is done.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import { messageOf } from "../errors.ts";
import { isPluginSpec } from "../providers/lock/plugin_spec.ts";
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

/** The part that one evaluation has in a model, from before its first item until after its last. */
export interface ModelHold {
  /** The model's handle, set up when the first of all who hold it asks. */
  handle(): Promise<ModelHandle>;
  /** It is needed no longer here; a second call does nothing. */
  release(): void;
}

interface Standing {
  readonly spec: ModelSpec;
  readonly stop: AbortController;
  holds: number;
  handle: Promise<ModelHandle> | undefined;
}

/** The models of a session. */
export class ModelPool {
  readonly #standing = new Map<string, Standing>();
  /** What is being torn down, by model; one that is set up again waits for it. */
  readonly #ending = new Map<string, Promise<void>>();
  readonly #setUp: SetUpModel;
  readonly #options: ModelPoolOptions;

  /** Sets models up by `setUp`. */
  constructor(setUp: SetUpModel, options: ModelPoolOptions) {
    this.#setUp = setUp;
    this.#options = options;
  }

  /** Keeps a model standing until it is released, once it is set up. Sets nothing up. */
  hold(spec: ModelSpec): ModelHold {
    const key = canonical([spec.spec, spec.options]);
    const found = this.#standing.get(key);
    const standing = found ?? { spec, stop: new AbortController(), holds: 0, handle: undefined };
    this.#standing.set(key, standing);
    standing.holds++;
    let isReleased = false;
    return {
      handle: () => standing.handle ??= this.#begin(key, standing),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        if (--standing.holds === 0) this.#retire(key, standing);
      },
    };
  }

  /** Tears all models down that still stand, each even where another one fails or hangs. */
  async tearDown(): Promise<void> {
    for (const [key, standing] of this.#standing) this.#retire(key, standing);
    while (this.#ending.size > 0) await Promise.all(this.#ending.values());
  }

  async #begin(key: string, { spec, stop }: Standing): Promise<ModelHandle> {
    const { signal, emit } = this.#options;
    await this.#ending.get(key);
    const source = isPluginSpec(spec.spec) ? spec.name : spec.spec.split(":")[0] ?? spec.name;
    const handle = await this.#setUp(spec, {
      signal: AbortSignal.any([signal, stop.signal]),
      log: (level, text) => emit({ type: "message", level, text, source, model: spec.name }),
    });
    emit({ type: "model-ready", model: spec.name, resourceId: handle.resourceId });
    return handle;
  }

  #retire(key: string, { spec, stop, handle }: Standing): void {
    this.#standing.delete(key);
    if (handle === undefined) return;
    const ending = this.#end(handle, spec, stop).then(() => {
      if (this.#ending.get(key) === ending) this.#ending.delete(key);
    });
    this.#ending.set(key, ending);
  }

  /** Never throws. A setup that is told to stop and does not is left to itself. */
  async #end(
    setup: Promise<ModelHandle>,
    { name }: ModelSpec,
    stop: AbortController,
  ): Promise<void> {
    const { clock, emit } = this.#options;
    stop.abort(new Error("The model is needed no longer."));
    const isUp = setup.then(() => true, () => false);
    const waited = await within(isUp, { clock, milliseconds: SETUP_PATIENCE_MS })
      .catch(() => "late" as const);
    if (waited === false) return;
    const ended = setup.then((handle) => handle.teardown());
    if (waited === "late") return void ended.catch(() => {});
    try {
      await within(ended, { clock, milliseconds: TEARDOWN_PATIENCE_MS });
    } catch (error) {
      const text = `The teardown of the model "${name}" failed: ${messageOf(error)}`;
      emit({ type: "message", level: "error", text, source: "dotevals" });
    }
  }
}
