// Stands in for `@std/testing/time`: the same surface over `@sinonjs/fake-timers`.

// @ts-types="./_fake_timers.d.ts"
import { type Clock, createClock } from "npm:@sinonjs/fake-timers@15.5.0";

const real = {
  Date: globalThis.Date,
  setTimeout: globalThis.setTimeout,
  clearTimeout: globalThis.clearTimeout,
  setInterval: globalThis.setInterval,
  clearInterval: globalThis.clearInterval,
  abortSignalTimeout: AbortSignal.timeout,
};

let installed: FakeTime | undefined;

export interface DelayOptions {
  signal?: AbortSignal;
  persistent?: boolean;
}

export interface FakeTimeOptions {
  advanceRate: number;
  advanceFrequency?: number;
}

export class TimeError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "TimeError";
  }
}

export class FakeTime {
  readonly #clock: Clock;
  readonly #start: number;
  readonly #advance: ReturnType<typeof setInterval> | undefined;

  constructor(start?: number | string | Date | null, options?: FakeTimeOptions) {
    if (installed) throw new TimeError("Cannot construct FakeTime: time is already faked");
    this.#start = startTime(start);
    if (Number.isNaN(this.#start)) {
      throw new TypeError(`Cannot construct FakeTime: invalid start time ${this.#start}`);
    }
    this.#clock = createClock(this.#start);
    installed = this;
    override(this.#clock);
    const rate = Math.max(0, options?.advanceRate ?? 0);
    const frequency = Math.max(0, options?.advanceFrequency ?? 10);
    this.#advance = rate > 0
      ? real.setInterval.call(null, () => this.tick(rate * frequency), frequency)
      : undefined;
  }

  static restore(): void {
    if (!installed) throw new TimeError("Cannot restore time: time is already restored");
    installed.restore();
  }

  static async restoreFor<T>(
    // deno-lint-ignore no-explicit-any
    callback: (...args: any[]) => Promise<T> | T,
    // deno-lint-ignore no-explicit-any
    ...args: any[]
  ): Promise<T> {
    if (!installed) throw new TimeError("Cannot restore time: time is not faked");
    const clock = installed.#clock;
    putBack();
    try {
      return await callback(...args);
    } finally {
      override(clock);
    }
  }

  get now(): number {
    return this.#clock.now;
  }

  set now(value: number) {
    const now = this.#clock.now;
    if (value < now) {
      throw new RangeError(
        `Cannot set current time in the past, time must be >= ${now}: received ${value}`,
      );
    }
    this.#clock.tick(value - now);
  }

  get start(): number {
    return this.#start;
  }

  /** Waits in real time. */
  delay(ms: number, options: DelayOptions = {}): Promise<void> {
    const { signal } = options;
    return new Promise((resolve, reject) => {
      const fail = () => reject(new DOMException("Delay was aborted.", "AbortError"));
      if (signal?.aborted) return fail();
      const abort = () => {
        real.clearTimeout.call(null, timer);
        fail();
      };
      const timer = real.setTimeout.call(null, () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      }, ms);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  async runMicrotasks(): Promise<void> {
    await this.delay(0);
  }

  tick(ms = 0): void {
    this.now += ms;
  }

  async tickAsync(ms = 0): Promise<void> {
    await this.runMicrotasks();
    this.now += ms;
  }

  next(): boolean {
    if (this.#clock.countTimers() === 0) return false;
    this.#clock.next();
    this.#clock.tick(0);
    return true;
  }

  async nextAsync(): Promise<boolean> {
    await this.runMicrotasks();
    return this.next();
  }

  runAll(): void {
    while (this.next());
  }

  async runAllAsync(): Promise<void> {
    while (await this.nextAsync());
  }

  restore(): void {
    if (installed !== this) throw new TimeError("Cannot restore time: time is already restored");
    installed = undefined;
    putBack();
    real.clearInterval.call(null, this.#advance);
  }

  [Symbol.dispose](): void {
    this.restore();
  }
}

function startTime(start: number | string | Date | null | undefined): number {
  if (start instanceof Date) return start.valueOf();
  if (typeof start === "number") return Math.floor(start);
  return typeof start === "string" ? Date.parse(start) : Date.now();
}

function override(clock: Clock): void {
  globalThis.Date = clock.Date;
  globalThis.setTimeout = clock.setTimeout;
  globalThis.clearTimeout = clock.clearTimeout;
  globalThis.setInterval = clock.setInterval;
  globalThis.clearInterval = clock.clearInterval;
  AbortSignal.timeout = (ms) => {
    const controller = new AbortController();
    clock.setTimeout(() => {
      controller.abort(new DOMException("Signal timed out.", "TimeoutError"));
    }, ms);
    return controller.signal;
  };
}

function putBack(): void {
  globalThis.Date = real.Date;
  globalThis.setTimeout = real.setTimeout;
  globalThis.clearTimeout = real.clearTimeout;
  globalThis.setInterval = real.setInterval;
  globalThis.clearInterval = real.clearInterval;
  AbortSignal.timeout = real.abortSignalTimeout;
}
