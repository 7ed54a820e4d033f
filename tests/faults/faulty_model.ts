/**
 * A model whose answers go wrong as tests wish, over real connections.
 *
 * @module
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

/** What befalls a call: a status is answered instead. */
export type Fault =
  | "never answered"
  | "reset in its middle"
  | "cut off"
  | "half of its JSON"
  | "no JSON"
  | number;

/** A question. */
export interface Asked {
  readonly prompt: string;
  /** How often it was asked before. */
  readonly before: number;
  /** Questions in all, this one included. */
  readonly number: number;
}

/** How a model fails. */
export interface FaultyModelOptions {
  /** The port, of a model that was not there before. */
  readonly port?: number;
  /** What befalls a call; a promise keeps it waiting. */
  readonly fault: (asked: Asked) => Fault | undefined | Promise<undefined>;
}

/** A model that fails until it is disposed. */
export interface FaultyModel extends AsyncDisposable {
  /** What `OPENAI_BASE_URL` is to be. */
  readonly url: string;
  /** How often each question was asked. */
  readonly asked: ReadonlyMap<string, number>;
  /** How often each fault befell a call. */
  readonly faults: ReadonlyMap<Fault, number>;
}

/** Starts a model that answers `item 7` with `answer to item 7`, streamed, where nothing befalls it. */
export async function startFaultyModel(options: FaultyModelOptions): Promise<FaultyModel> {
  const asked = new Map<string, number>();
  const faults = new Map<Fault, number>();
  let number = 0;
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = "";
    for await (const piece of request) body += piece;
    const prompt: string = JSON.parse(body).messages.at(-1).content;
    const before = asked.get(prompt) ?? 0;
    asked.set(prompt, before + 1);
    const fault = await options.fault({ prompt, before, number: ++number });
    if (fault !== undefined) faults.set(fault, (faults.get(fault) ?? 0) + 1);
    send({ request, response, prompt }, fault);
  }
  const server = createServer((request, response) => {
    // A caller that has gone hears nothing.
    answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    asked,
    faults,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

interface Call {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly prompt: string;
}

function send({ request, response, prompt }: Call, fault: Fault | undefined): void {
  const chunk = (delta: object, finish_reason: string | null) =>
    `data: ${
      JSON.stringify({
        object: "chat.completion.chunk",
        choices: [{ index: 0, delta, finish_reason }],
      })
    }\n\n`;
  const text = chunk({ role: "assistant", content: `answer to ${prompt}` }, null);
  if (typeof fault === "number") {
    const headers = { "content-type": "application/json", "retry-after-ms": "20" };
    response.writeHead(fault, fault === 429 ? headers : {});
    response.end(JSON.stringify({ error: { message: `status ${fault}`, type: "fault" } }));
    return;
  }
  switch (fault) {
    case "never answered":
      return;
    case "half of its JSON":
      response.writeHead(200, { "content-type": "application/json" });
      response.end('{"object": "chat.completion", "choices": [{"index": 0, "mess');
      return;
    case "no JSON":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html><body>Bad gateway</body></html>");
      return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  if (fault === "reset in its middle") {
    response.write(text, () => request.socket.resetAndDestroy());
  } else if (fault === "cut off") response.end(text);
  else {
    response.write(text);
    response.write(chunk({}, "stop"));
    response.write(`data: ${JSON.stringify({ choices: [], usage: USAGE })}\n\n`);
    response.end("data: [DONE]\n\n");
  }
}

const USAGE = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
