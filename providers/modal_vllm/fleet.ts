/**
 * vLLM servers in sandboxes on Modal, and which of them answers a request.
 *
 * @module
 */
import type { CallOptions, ModelRequest, ModelResponse } from "../../src/providers/model.ts";
import { ModelError, TransientError } from "../../src/providers/model_error.ts";
import type { EndpointLoad } from "../../src/providers/provider.ts";
import { untilAborted } from "../modal/until_aborted.ts";
import { FleetMember, type MemberOptions } from "./fleet_member.ts";
import type { SandboxServer } from "./start_server.ts";

const FAILED_STARTS = 3;

/** What a fleet is made of. */
export interface FleetOptions {
  /** Starts a server; ends it itself where that fails. */
  readonly start: (signal: AbortSignal) => Promise<SandboxServer>;
  /** Ends the server of this id. */
  readonly end: (id: string) => Promise<void>;
  readonly member: (server: SandboxServer) => MemberOptions;
  /** How many servers there are at first, and again once there are requests. */
  readonly size: number;
  /** How many there may be. */
  readonly maxSize: number;
  /** Milliseconds without a request after which a server is ended. */
  readonly idleTimeoutMs: number;
  readonly log: (level: "info" | "warn", message: string) => void;
}

/** Servers that answer, those that are being started, and how many of each there should be. */
export class Fleet {
  readonly #options: FleetOptions;
  readonly #stop = new AbortController();
  readonly #members = new Set<FleetMember>();
  readonly #starting = new Set<Promise<FleetMember>>();
  /** What goes on beside the calls: servers that are ended, or asked for their load. */
  readonly #beside = new Set<Promise<void>>();
  readonly #idle = new Map<FleetMember, ReturnType<typeof setTimeout>>();
  #failedStarts = 0;
  #lastFailure: unknown;

  /** A fleet of no servers yet. */
  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** Starts the first servers; resolves when one of them answers. */
  async open(signal: AbortSignal): Promise<void> {
    this.#fill();
    const first = Promise.any(this.#starting).catch(({ errors: [error] }: AggregateError) => {
      throw error;
    });
    await untilAborted(first, signal);
  }

  /** Has the server answer that has the least to do. */
  async generate(request: string | ModelRequest, options: CallOptions): Promise<ModelResponse> {
    const member = await this.#take(options.signal);
    try {
      return await member.generate(request, options);
    } finally {
      member.inFlight--;
      if (member.inFlight === 0) this.#rest(member);
    }
  }

  /** The load of all servers, added up. */
  async load(): Promise<EndpointLoad> {
    const loads = await Promise.all([...this.#members].map((member) => member.ask()));
    this.#growIfBusy();
    const sum = (of: "running" | "waiting") =>
      loads.reduce((total, load) => total + (load?.[of] ?? 0), 0);
    const cacheUses = loads.flatMap((load) => load?.cacheUse ?? []);
    return {
      running: sum("running"),
      waiting: sum("waiting"),
      ...(cacheUses.length > 0 ? { cacheUse: Math.max(...cacheUses) } : {}),
    };
  }

  /** Gives up all calls and starts; resolves when no start is under way any more. */
  async close(): Promise<void> {
    const reason = new TransientError("The model was torn down.");
    this.#stop.abort(reason);
    for (const timer of this.#idle.values()) clearTimeout(timer);
    for (const member of this.#members) member.end(reason);
    await Promise.allSettled(this.#starting);
    await Promise.all(this.#beside);
  }

  /** The server with the least to do, a place for one more request taken there. */
  async #take(signal: AbortSignal | undefined): Promise<FleetMember> {
    while (true) {
      this.#stop.signal.throwIfAborted();
      signal?.throwIfAborted();
      this.#fill();
      const [least] = [...this.#members].sort((left, right) => left.burden - right.burden);
      if (least !== undefined) {
        least.inFlight++;
        this.#busy(least);
        // The next one is to know better; this one does not wait for it.
        if (least.isStale) this.#track(least.ask().then(() => this.#growIfBusy()));
        return least;
      }
      const first = Promise.any(this.#starting).catch(({ errors: [error] }: AggregateError) => {
        throw this.#startError(error);
      });
      await (signal ? untilAborted(first, signal) : first);
    }
  }

  /** A start that fails again and again is no matter of trying again: each try costs. */
  #startError(error: unknown): unknown {
    if (this.#stop.signal.aborted) return this.#stop.signal.reason;
    const message = error instanceof Error ? error.message : String(error);
    return new ModelError(message, {
      code: "provider-crash",
      retryable: this.#failedStarts < FAILED_STARTS,
      cause: error,
    });
  }

  #fill(): void {
    const { size } = this.#options;
    if (this.#failedStarts >= FAILED_STARTS && this.#members.size === 0) {
      if (this.#starting.size === 0) throw this.#lastFailure;
      return;
    }
    while (this.#members.size + this.#starting.size < size) this.#begin();
  }

  /** One more, when vLLM says of every server that requests wait there. */
  #growIfBusy(): void {
    const { maxSize, log } = this.#options;
    const members = [...this.#members];
    const full = members.length > 0 && members.every(({ waiting }) => waiting > 0);
    if (!full || this.#starting.size > 0 || members.length >= maxSize) return;
    if (this.#stop.signal.aborted) return;
    log("info", `All ${members.length} sandboxes have requests waiting; one more is started.`);
    this.#begin();
  }

  #begin(): void {
    const start = this.#start();
    this.#starting.add(start);
    start.catch((error) => {
      if (this.#stop.signal.aborted) return;
      this.#failedStarts++;
      this.#lastFailure = this.#startError(error);
      this.#options.log(
        "warn",
        `A sandbox did not start: ${error instanceof Error ? error.message : error}`,
      );
    }).finally(() => this.#starting.delete(start));
  }

  async #start(): Promise<FleetMember> {
    const server = await this.#options.start(this.#stop.signal);
    const member = new FleetMember(server, this.#options.member(server));
    this.#failedStarts = 0;
    this.#members.add(member);
    this.#options.log("info", `vLLM in the sandbox ${server.id} is ready.`);
    this.#rest(member);
    void server.ended.then((what) => this.#lost(member, what));
    return member;
  }

  /** A server has ended by itself. */
  #lost(member: FleetMember, what: string): void {
    if (!this.#remove(member)) return;
    this.#options.log("warn", what);
    const wanted = member.inFlight > 0;
    member.crashed(what);
    if (wanted && !this.#stop.signal.aborted) this.#fill();
  }

  /** Nobody has asked this server for a while. */
  #retire(member: FleetMember): void {
    if (member.inFlight > 0 || !this.#remove(member)) return;
    this.#options.log("info", `The sandbox ${member.server.id} is idle, and ended.`);
    this.#track(this.#options.end(member.server.id));
  }

  #track(work: Promise<void>): void {
    const tracked = work.finally(() => this.#beside.delete(tracked));
    this.#beside.add(tracked);
  }

  #remove(member: FleetMember): boolean {
    this.#busy(member);
    return this.#members.delete(member);
  }

  #rest(member: FleetMember): void {
    this.#busy(member);
    if (this.#stop.signal.aborted || !this.#members.has(member)) return;
    this.#idle.set(member, setTimeout(() => this.#retire(member), this.#options.idleTimeoutMs));
  }

  #busy(member: FleetMember): void {
    clearTimeout(this.#idle.get(member));
    this.#idle.delete(member);
  }
}
