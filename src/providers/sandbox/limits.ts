/**
 * What a plugin may use up before it is ended.
 *
 * @module
 */

/** Limits on one plugin's process. */
export interface SandboxLimits {
  /** Milliseconds from its start until its module is imported. */
  readonly startMs: number;
  /** Milliseconds between two questions whether it still answers. */
  readonly beatMs: number;
  /** How many of these in a row may stay without an answer. */
  readonly missedBeats: number;
  /** Megabytes of JavaScript objects. */
  readonly heapMb: number;
  /** Megabytes of memory in all, measured at every beat where there is `/proc`. */
  readonly memoryMb: number;
  /** Characters of one message. */
  readonly messageLength: number;
  /** Characters of one line of its log; the rest of the line is left out. */
  readonly logLineLength: number;
  /** Characters per second of its log, after a first burst of ten times that; more is left out. */
  readonly logPerSecond: number;
  /** Characters of its log that are left out before it is ended. */
  readonly logDropped: number;
  /** Milliseconds that its teardown may take. */
  readonly teardownMs: number;
  /** How often in a row it may crash without having answered a call between. */
  readonly crashes: number;
}

/** The limits of every plugin. */
export const DEFAULT_LIMITS: SandboxLimits = {
  startMs: 30_000,
  beatMs: 1000,
  missedBeats: 20,
  heapMb: 512,
  memoryMb: 1024,
  messageLength: 32 * 1024 * 1024,
  logLineLength: 4096,
  logPerSecond: 16 * 1024,
  logDropped: 16 * 1024 * 1024,
  teardownMs: 9000,
  crashes: 5,
};
