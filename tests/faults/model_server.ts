/**
 * A model of the tests' own: answers as OpenAI does, and remembers what it was asked.
 *
 * @module
 */

/** One question, and when it was answered. */
export interface Call {
  /** What was asked. */
  readonly prompt: string;
  /** Milliseconds of this process's monotonic clock. */
  readonly askedAt: number;
  /** When the answer had been handed to the system; `undefined` until then. */
  answeredAt: number | undefined;
}

/** How a model answers. */
export interface ModelServerOptions {
  /** Waits before the answer to the question of that number, from 1; not beyond its own end. */
  readonly wait?: (prompt: string, number: number) => Promise<void> | undefined;
}

/** A model that answers until it is disposed. */
export interface ModelServer extends AsyncDisposable {
  /** What `OPENAI_BASE_URL` is to be. */
  readonly url: string;
  /** All questions, in the order in which they came. */
  readonly calls: readonly Call[];
  /** Answers given. */
  readonly answered: number;
  /** Told after each answer. */
  onAnswer: (() => void) | undefined;
}

/** Starts a model on a free port of this machine: it answers `item 7` with `answer to item 7`. */
export function startModelServer({ wait }: ModelServerOptions = {}): ModelServer {
  const calls: Call[] = [];
  const closing = Promise.withResolvers<void>();
  let answered = 0;
  async function answer(request: Request, completed: Promise<void>): Promise<Response> {
    const askedAt = performance.now();
    const { messages } = await request.json();
    const prompt: string = messages.at(-1).content;
    const call: Call = { prompt, askedAt, answeredAt: undefined };
    const number = calls.push(call);
    completed.then(() => {
      call.answeredAt = performance.now();
      answered++;
      model.onAnswer?.();
    }, () => {});
    await Promise.race([wait?.(prompt, number), closing.promise]);
    return Response.json(completion(prompt));
  }
  const server = Deno.serve(
    { hostname: "127.0.0.1", port: 0, onListen() {} },
    (request, { completed }) => answer(request, completed),
  );
  const model: ModelServer = {
    url: `http://127.0.0.1:${server.addr.port}/v1`,
    calls,
    get answered() {
      return answered;
    },
    onAnswer: undefined,
    async [Symbol.asyncDispose]() {
      closing.resolve();
      await server.shutdown();
    },
  };
  return model;
}

function completion(prompt: string): unknown {
  return {
    id: "one",
    object: "chat.completion",
    created: 0,
    model: "m",
    choices: [{
      index: 0,
      finish_reason: "stop",
      message: { role: "assistant", content: `answer to ${prompt}` },
    }],
    usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 },
  };
}
