/**
 * What a plugin's process was asked and has not answered yet.
 *
 * @module
 */
import { messageOf } from "../../errors.ts";
import { errorFromWire } from "./wire_error.ts";
import { parseLine } from "./wire.ts";

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: unknown) => void;
}

/** A line of the plugin's log that came among its answers. */
export interface Said {
  readonly level: string;
  readonly text: string;
}

/** The open calls of one process, by number. */
export class Calls {
  readonly #waiting = new Map<number, Waiting>();
  #next = 1;
  #onWrong: (text: string) => void;

  /** Takes what it must do about answers that break the protocol. */
  constructor(onWrong: (text: string) => void) {
    this.#onWrong = onWrong;
  }

  /** Begins a call: `send` sends it and returns what takes it back. */
  begin(send: (id: number) => () => void, signal: AbortSignal | undefined): Promise<unknown> {
    const id = this.#next++;
    return new Promise((resolve, reject) => {
      const cancel = send(id);
      function onAbort() {
        reject(signal?.reason);
        cancel();
      }
      signal?.addEventListener("abort", onAbort, { once: true });
      const over = () => signal?.removeEventListener("abort", onAbort);
      // One that was taken back stays here until its one answer has come.
      this.#waiting.set(id, {
        resolve(value) {
          over();
          resolve(value);
        },
        reject(error) {
          over();
          reject(error);
        },
      });
    });
  }

  /** Takes a line that the process wrote; what it says for the log comes back. */
  receive(line: string): Said | undefined {
    let reply: unknown;
    try {
      reply = parseLine(line);
    } catch (error) {
      this.#onWrong(`it sent what is no message (${messageOf(error)}): ${line.slice(0, 80)}`);
      return undefined;
    }
    if (typeof reply !== "object" || reply === null) return this.#wrong(line);
    if ("log" in reply && "text" in reply) {
      const { log: level, text } = reply;
      return typeof level === "string" && typeof text === "string"
        ? { level, text }
        : this.#wrong(line);
    }
    if (!("id" in reply) || typeof reply.id !== "number") return this.#wrong(line);
    const waiting = this.#waiting.get(reply.id);
    if (!waiting) {
      const again = reply.id < this.#next && reply.id > 0;
      this.#onWrong(
        again
          ? `it answered call ${reply.id} twice`
          : `it answered call ${reply.id}, of which there is none`,
      );
      return undefined;
    }
    this.#waiting.delete(reply.id);
    if ("error" in reply) waiting.reject(errorFromWire(reply.error));
    else waiting.resolve("ok" in reply ? reply.ok : undefined);
    return undefined;
  }

  /** Nothing will be answered any more. */
  failAll(error: Error): void {
    for (const { reject } of this.#waiting.values()) reject(error);
    this.#waiting.clear();
  }

  #wrong(line: string): undefined {
    this.#onWrong(`it sent what is no answer: ${line.slice(0, 80)}`);
  }
}
