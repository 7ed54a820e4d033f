import type { Model, ModelRequest, ModelResponse } from "../providers/model.ts";
import type { AssertTrue, IsExact } from "@std/testing/types";
import { asModel } from "./as_model.ts";

Deno.test("asModel() has the methods that its client has", () => {
  const plain = asModel({ generate: () => "text" });
  type _Plain = AssertTrue<IsExact<ReturnType<typeof plain.generate>, Promise<ModelResponse>>>;
  type _NoEmbed = AssertTrue<IsExact<typeof plain.embed, Model["embed"]>>;
  const able = asModel({
    generate: (request) => Promise.resolve({ text: textOf(request) }),
    embed: (texts) => Promise.resolve(texts.map(() => [1])),
  });
  type _Embed = AssertTrue<IsExact<typeof able.embed, NonNullable<Model["embed"]>>>;
  const model: Model = able;
  void [plain, model];
});

Deno.test("asModel() does not take what is no client", () => {
  // @ts-expect-error: generate is missing
  const none = () => asModel({ embed: () => Promise.resolve([]) });
  // @ts-expect-error: an answer is a text or a response
  const number = () => asModel({ generate: () => 5 });
  // @ts-expect-error: there is no such option
  const option = () => asModel({ generate: () => "" }, { model: "x" });
  void [none, number, option];
});

function textOf(request: string | ModelRequest): string {
  return typeof request === "string" ? request : JSON.stringify(request.messages);
}
