/**
 * What the body of a refusal says. No two servers agree on its form.
 *
 * @module
 */

/** How much of a text that is no error of the API's, such as a proxy's page, is shown. */
const SHOWN = 500;

/** What was said. */
export interface Told {
  readonly message: string;
  readonly code?: unknown;
  readonly type?: unknown;
}

/**
 * Reads `{error: {message, code, type}}` (OpenAI, Azure, llama.cpp), `{error: "…"}` (Ollama),
 * `{message, code, type}` (vLLM, Mistral), `{detail: …}` (FastAPI); else the text itself.
 */
export function toldBy(text: string): Told {
  const body = parsed(text);
  const error = fieldOf(body, "error") ?? body;
  if (typeof error === "string") return { message: error };
  const message = fieldOf(error, "message") ?? fieldOf(body, "detail");
  return {
    message: message === undefined
      ? text
      : typeof message === "string"
      ? message
      : JSON.stringify(message),
    code: fieldOf(error, "code"),
    type: fieldOf(error, "type"),
  };
}

/** A text on one line, not too long for a message. */
export function shownText(text: string): string {
  const line = text.trim().replace(/\s+/g, " ");
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fieldOf(value: unknown, field: string): unknown {
  const there = typeof value === "object" && value !== null ? Reflect.get(value, field) : undefined;
  return there ?? undefined;
}
