/**
 * The endpoints of a session, and who may call them when.
 *
 * @module
 */
import type { Clock } from "../clock.ts";
import type { Model } from "../providers/model.ts";
import type { ModelHandle } from "../providers/provider.ts";
import { Endpoint } from "../schedule/endpoint.ts";
import type { Gate } from "../schedule/item_gate.ts";
import { Limiter } from "../schedule/limiter.ts";
import { LoadWatch } from "../schedule/load_watch.ts";
import { Places } from "../schedule/places.ts";
import type { ConcurrencyStrategy } from "../schedule/strategy.ts";
import type { EndpointCalls } from "./events.ts";
import { TokenEstimate } from "./token_estimate.ts";

/** What endpoints need of their session. */
export interface EndpointsOptions {
  readonly clock: Clock;
  readonly random: () => number;
  /** An endpoint is taken for down. */
  readonly onDown: (name: string, error: unknown) => void;
  /** It answers again. */
  readonly onUp: (name: string, downMs: number) => void;
}

/** A model as far as its limits are concerned. */
export interface LimitedModel {
  readonly model: Model;
  /** What results call it. */
  readonly name: string;
  /** What its calls count against; the model itself without it. */
  readonly endpoint?: string | undefined;
  /** Asks the endpoint how much it has to do. */
  readonly load?: ModelHandle["load"];
}

/** How the calls of one model are let through. */
export interface ModelLimits {
  readonly limiter: Limiter;
  readonly estimate: TokenEstimate;
  readonly watch: LoadWatch | undefined;
}

/** What is known of an endpoint in one run. */
interface OwnLimits extends ModelLimits {
  readonly places: Places;
  /** What results call the models that use it. */
  readonly names: Set<string>;
}

interface Known {
  readonly endpoint: Endpoint;
  readonly estimate: TokenEstimate;
  /** Those of a strategy for each endpoint: the first that comes makes them. */
  places: Places | undefined;
}

/** The endpoints of a session: what is learned of one counts for all evaluations. */
export class Endpoints {
  #options: EndpointsOptions;
  readonly #named = new Map<string, Known>();
  readonly #clients = new WeakMap<Model, Known>();

  /** Knows none yet. */
  constructor(options: EndpointsOptions) {
    this.#options = options;
  }

  /** The limits of one run; `gate` is told how many more, or fewer, of its calls wait. */
  under(strategy: ConcurrencyStrategy, gate?: Gate): RunLimits {
    const { clock } = this.#options;
    return new RunLimits((model) => this.#known(model), { clock, strategy, gate });
  }

  #known({ model, name, endpoint }: LimitedModel): Known {
    const found = endpoint === undefined ? this.#clients.get(model) : this.#named.get(endpoint);
    if (found) return found;
    const { random, onDown, onUp } = this.#options;
    const made: Known = {
      endpoint: new Endpoint({
        random,
        onDown: (error) => onDown(name, error),
        onUp: (downMs) => onUp(name, downMs),
      }),
      estimate: new TokenEstimate(),
      places: undefined,
    };
    if (endpoint === undefined) this.#clients.set(model, made);
    else this.#named.set(endpoint, made);
    return made;
  }
}

interface RunLimitsOptions {
  readonly clock: Clock;
  readonly strategy: ConcurrencyStrategy;
  readonly gate: Gate | undefined;
}

/** How the calls of one run are let through. */
export class RunLimits {
  #known: (model: LimitedModel) => Known;
  #options: RunLimitsOptions;
  #window: Places | undefined;
  readonly #limits = new Map<Known, OwnLimits>();
  #onFreed: (() => void)[] = [];

  /** Looks endpoints up by `known`. */
  constructor(known: (model: LimitedModel) => Known, options: RunLimitsOptions) {
    this.#known = known;
    this.#options = options;
    const { strategy } = options;
    if (strategy.scope === "session") this.#window = new Places(strategy.limit());
  }

  /** The limits that a model's calls have. */
  of(model: LimitedModel): ModelLimits {
    const known = this.#known(model);
    const found = this.#limits.get(known);
    if (found) {
      found.names.add(model.name);
      return found;
    }
    const { clock, strategy, gate } = this.#options;
    const places = this.#window ?? (known.places ??= new Places(strategy.limit()));
    const { load } = model;
    const made: OwnLimits = {
      places,
      names: new Set([model.name]),
      limiter: new Limiter({
        endpoint: known.endpoint,
        places,
        clock,
        onWaiting: (change) => gate?.callsWait?.(change),
        onParked: (change) => this.#park(change),
      }),
      estimate: known.estimate,
      watch: load && new LoadWatch({
        clock,
        ask: (signal) => load({ signal }),
        tell: (reported) => {
          places.limit.loaded?.(reported);
          places.wake();
        },
      }),
    };
    this.#limits.set(known, made);
    return made;
  }

  /** Has `tell` called when fewer calls wait for an endpoint that is away. */
  onFreed(tell: () => void): void {
    this.#onFreed.push(tell);
  }

  /** Whether calls wait for a model's endpoint that is away: more of them would do so too. */
  isHeldUp(model: LimitedModel): boolean {
    return (this.#limits.get(this.#known(model))?.limiter.parked ?? 0) > 0;
  }

  #park(change: number): void {
    this.#options.gate?.callsPark(change);
    if (change > 0) return;
    for (const tell of this.#onFreed) tell();
  }

  /** How the calls of each endpoint stand. */
  now(time: number): readonly EndpointCalls[] {
    return [...this.#limits.values()].map(({ limiter, places, names }) => ({
      models: [...names],
      inFlight: places.inFlight,
      limit: places.limit.current,
      waiting: limiter.waiting,
      pause: limiter.waiting > 0 ? limiter.pause(time) : undefined,
    }));
  }
}
