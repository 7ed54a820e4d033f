export interface Clock {
  readonly now: number;
  readonly Date: typeof globalThis.Date;
  readonly setTimeout: typeof globalThis.setTimeout;
  readonly clearTimeout: typeof globalThis.clearTimeout;
  readonly setInterval: typeof globalThis.setInterval;
  readonly clearInterval: typeof globalThis.clearInterval;
  countTimers(): number;
  next(): number;
  tick(ms: number): number;
}
export declare function createClock(start: number): Clock;
