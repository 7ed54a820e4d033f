/**
 * What the two ends of a sandbox say to each other: one message of JSON per line.
 *
 * The functions here also run in the child, which gets them as text: they use nothing but each
 * other and what every Deno has.
 *
 * @module
 */

/** What is asked of the child. */
export type Request =
  | { readonly id: number; readonly do: RequestName; readonly with: unknown }
  | { readonly cancel: number };

/** Everything that can be asked for by name. */
export type RequestName =
  | "import"
  | "setup"
  | "generate"
  | "embed"
  | "generateBatch"
  | "load"
  | "teardown"
  | "ping";

/** What the child says. */
export type Reply =
  | { readonly id: number; readonly ok: unknown }
  | { readonly id: number; readonly error: WireError }
  | { readonly log: string; readonly text: string };

/** An error on its way out of the child. */
export interface WireError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly retryable?: boolean;
  readonly status?: number;
  readonly retryAfterMs?: number;
  /** What the endpoint allows yet. */
  readonly limits?: object;
  readonly hint?: string;
  /** What the provider's own schema finds wrong with its options. */
  readonly issues?: readonly { readonly message: string; readonly path?: readonly string[] }[];
}

/** A value as JSON can hold it: bytes become `{ $bytes }`, all else stays what it is. */
export function toWire(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (value instanceof Uint8Array) return { $bytes: value.toBase64() };
  if (Array.isArray(value)) {
    const parts = value.map(toWire);
    return parts.some((part, index) => part !== value[index]) ? parts : value;
  }
  let changed: Record<string, unknown> | undefined;
  for (const key of Object.keys(value)) {
    const part: unknown = Reflect.get(value, key);
    const sent = toWire(part);
    if (sent === part) continue;
    changed ??= { ...value };
    changed[key] = sent;
  }
  const sent = changed ?? value;
  return "$bytes" in value || "$value" in value ? { $value: sent } : sent;
}

/** The value that {@linkcode toWire} was given. */
export function fromWire(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(fromWire);
  if ("$bytes" in value && typeof value.$bytes === "string") {
    return Uint8Array.fromBase64(value.$bytes);
  }
  const inner = "$value" in value ? value.$value : value;
  return Object.fromEntries(
    Object.entries(inner as object).map(([key, part]) => [key, fromWire(part)]),
  );
}

/** The value that a line stands for. What it says about prototypes is left out. */
export function parseLine(line: string): unknown {
  const value: unknown = /__proto__|\\u00/i.test(line)
    ? JSON.parse(line, (key, part) => key === "__proto__" ? undefined : part)
    : JSON.parse(line);
  return line.includes('"$') ? fromWire(value) : value;
}
