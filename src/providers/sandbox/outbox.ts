/**
 * What goes to a plugin: all messages of one turn in one write.
 *
 * @module
 */
import { type Request, toWire } from "./wire.ts";

/** Messages on their way into a process. */
export class Outbox {
  readonly #writer: WritableStreamDefaultWriter<Uint8Array>;
  readonly #encoder = new TextEncoder();
  #waiting: string[] = [];
  #writing = false;
  #closing: Promise<void> | undefined;

  /** Writes to the process's standard input. */
  constructor(input: WritableStream<Uint8Array>) {
    this.#writer = input.getWriter();
    // Whoever waits for an answer learns from the process's end that it is gone.
    this.#writer.closed.catch(() => {});
  }

  /** Sends a message as soon as those before it are written. */
  send(request: Request): void {
    this.#waiting.push(`${JSON.stringify(toWire(request))}\n`);
    if (!this.#writing && this.#closing === undefined) void this.#flush();
  }

  /** Closes the process's input; a second call does nothing. */
  close(): Promise<void> {
    return this.#closing ??= this.#writer.close().catch(() => {});
  }

  async #flush(): Promise<void> {
    this.#writing = true;
    await Promise.resolve();
    try {
      while (this.#waiting.length > 0) {
        const text = this.#waiting.join("");
        this.#waiting = [];
        await this.#writer.write(this.#encoder.encode(text));
      }
    } catch {
      // The process is gone, and its end says so to all who wait.
    }
    this.#writing = false;
  }
}
