/**
 * Payloads of any shape, by a template of the body and paths into the answer.
 *
 * @module
 */
import type { ModelRequest, ModelResponse } from "../../src/providers/model.ts";
import { TransientError } from "../../src/providers/model_error.ts";
import { parsedOf } from "./answer.ts";
import { toMessages } from "./chat_payload.ts";
import type { PayloadTemplate, SageMakerConfig } from "./config.ts";
import type { Payload } from "./payload.ts";
import { promptOf } from "./prompt.ts";

type Values = Readonly<Record<string, () => unknown>>;

/** Speaks with a container in the shape that the user wrote down. */
export function templatePayload(template: PayloadTemplate, config: SageMakerConfig): Payload {
  const { delta } = template;
  return {
    streams: delta !== undefined,
    toBody: (request) => {
      const body = filled(template.body, valuesOf(request, config));
      return isRecord(body) ? { ...config.body, ...body } : body;
    },
    toResponse(answer, request) {
      const text = at(answer, template.text);
      if (typeof text === "string") return toResponse(text, { answer, template, request });
      const shown = JSON.stringify(answer)?.slice(0, 200);
      throw new TransientError(`The answer has no text at "${template.text}": ${shown}`);
    },
    join(request) {
      let text = "";
      let last: unknown;
      return {
        add(event) {
          last = event;
          const piece = delta === undefined ? undefined : at(event, delta);
          if (typeof piece === "string") text += piece;
          return typeof piece === "string" && piece !== "";
        },
        response: () => toResponse(text, { answer: last, template, request }),
      };
    },
  };
}

function valuesOf(request: ModelRequest, config: SageMakerConfig): Values {
  return {
    prompt: () => promptOf(request, "template with {{prompt}}"),
    messages: () => toMessages(request),
    temperature: () => request.temperature ?? config.temperature,
    maxTokens: () => request.maxTokens ?? config.maxTokens,
    seed: () => request.seed ?? config.seed,
    stop: () => request.stop,
    schema: () => request.schema,
  };
}

/** The template with its placeholders replaced; `undefined` where one stands for nothing. */
function filled(template: unknown, values: Values): unknown {
  if (typeof template === "string") {
    const whole = /^\{\{(\w+)\}\}$/.exec(template)?.[1];
    if (whole !== undefined && Object.hasOwn(values, whole)) return values[whole]?.();
    return template.replaceAll("{{prompt}}", () => String(values.prompt?.()));
  }
  if (Array.isArray(template)) return template.map((entry) => filled(entry, values));
  if (!isRecord(template)) return template;
  return Object.fromEntries(
    Object.entries(template).map(([name, value]) => [name, filled(value, values)] as const)
      .filter(([, value]) => value !== undefined),
  );
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value at a path: names and indexes with dots between. */
function at(value: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>(
    (inner, name) =>
      typeof inner === "object" && inner !== null && Object.hasOwn(inner, name)
        ? Reflect.get(inner, name)
        : undefined,
    value,
  );
}

function toResponse(
  text: string,
  { answer, template, request }: {
    readonly answer: unknown;
    readonly template: PayloadTemplate;
    readonly request: ModelRequest;
  },
): ModelResponse {
  const inputTokens = template.inputTokens && at(answer, template.inputTokens);
  const outputTokens = template.outputTokens && at(answer, template.outputTokens);
  const usage = {
    ...typeof inputTokens === "number" ? { inputTokens } : {},
    ...typeof outputTokens === "number" ? { outputTokens } : {},
  };
  return {
    text,
    ...parsedOf(text, request),
    ...Object.keys(usage).length > 0 ? { usage } : {},
    raw: answer,
  };
}
