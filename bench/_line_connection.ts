/**
 * Questions and answers as lines over one connection: the cheapest way to a server that there is.
 *
 * @module
 */

/** Asks over one connection, many questions at once. */
export class LineConnection {
  #connection: Deno.TcpConn;
  #waiting: ((answer: string) => void)[] = [];
  #unsent: string[] = [];
  #ended: Promise<void>;

  private constructor(connection: Deno.TcpConn) {
    this.#connection = connection;
    this.#ended = this.#read();
  }

  /** Connects to a server that answers each line with itself, in order. */
  static async open(port: number): Promise<LineConnection> {
    return new LineConnection(await Deno.connect({ hostname: "127.0.0.1", port }));
  }

  /** Asks. */
  ask(line: string): Promise<string> {
    if (this.#unsent.push(line) === 1) queueMicrotask(() => void this.#send());
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    this.#connection.close();
    await this.#ended;
  }

  async #send(): Promise<void> {
    const bytes = new TextEncoder().encode(this.#unsent.splice(0).join("\n") + "\n");
    const writer = this.#connection.writable.getWriter();
    const written = writer.write(bytes);
    writer.releaseLock();
    await written;
  }

  async #read(): Promise<void> {
    const decoder = new TextDecoder();
    const buffer = new Uint8Array(256 * 1024);
    let pending = "";
    for (;;) {
      const read = await this.#connection.read(buffer).catch(() => null);
      if (read === null) return;
      const lines = (pending + decoder.decode(buffer.subarray(0, read), { stream: true })).split(
        "\n",
      );
      pending = lines.pop() ?? "";
      for (const line of lines) this.#waiting.shift()?.(line);
    }
  }
}
