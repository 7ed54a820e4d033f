/**
 * The end of a process's log, and the errors in it.
 *
 * @module
 */
const LINES = 50;
const ERRORS = 5;

/** An exception's last line, as Python prints it: `torch.OutOfMemoryError: CUDA out of memory.` */
const ERROR = /(^|[\s.])[A-Z]\w*(Error|Exception): /;

/** uvicorn's line for a request that it answered: one per item would drown the session log. */
const ACCESS = /"(GET|POST) \S+ HTTP\/[\d.]+" 200/;

/** The last lines of a log. */
export class LogTail {
  readonly #lines: string[] = [];
  /** Lines that left the tail. vLLM prints an engine's error first, and long traces after it. */
  readonly #errors: string[] = [];

  /** Adds a line. */
  add(line: string): void {
    this.#lines.push(line);
    if (this.#lines.length <= LINES) return;
    const oldest = this.#lines.shift() ?? "";
    if (!ERROR.test(oldest)) return;
    this.#errors.push(oldest);
    if (this.#errors.length > ERRORS) this.#errors.shift();
  }

  /** The last lines, so many of them, behind the errors that came before them. */
  excerpt(count: number): readonly string[] {
    const before = [...this.#errors, ...this.#lines.slice(0, -count)];
    const errors = before.filter((line) => ERROR.test(line)).slice(-ERRORS);
    const last = this.#lines.slice(-count);
    return errors.length === 0 ? last : [...errors, "…", ...last];
  }

  /** Everything that is kept. */
  get text(): string {
    return [...this.#errors, ...this.#lines].join("\n");
  }
}

/** Reads a log to its end: calls `onLine` for each line, but not for each answered request. */
export async function readLines(
  stream: ReadableStream<Uint8Array>,
  onLine: (line: string) => void,
): Promise<void> {
  let rest = "";
  for await (const piece of stream.pipeThrough(new TextDecoderStream())) {
    // Progress bars go back to the line's start.
    const lines = (rest + piece).split(/\r\n|\r|\n/);
    rest = lines.pop() ?? "";
    for (const line of lines) tell(line, onLine);
  }
  tell(rest, onLine);
}

function tell(line: string, onLine: (line: string) => void): void {
  const text = line.trimEnd();
  if (text !== "" && !ACCESS.test(text)) onLine(text);
}
