/**
 * A provider for benchmarks, whose model says where answers come from: `http://…`, a server that gets each
 * prompt in a request; `tcp:PORT`, one that gets them as lines of one connection; `own`, none.
 *
 * @module
 */
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";
import { LineConnection } from "./_line_connection.ts";

const provider: ModelProvider = defineProvider<unknown>({
  name: "bench",
  permissions: {},
  config: { "~standard": { version: 1, vendor: "bench", validate: () => ({ value: {} }) } },
  async setup(from) {
    if (from === "own") {
      const generate = (request: unknown) => Promise.resolve({ text: String(request) });
      return modelHandle(from, { generate });
    }
    if (from.startsWith("tcp:")) {
      const connection = await LineConnection.open(Number(from.slice(4)));
      return modelHandle(from, {
        generate: async (request) => ({ text: await connection.ask(String(request)) }),
      }, { teardown: () => connection.close() });
    }
    const client = Deno.createHttpClient({ http2: false, poolMaxIdlePerHost: 1000 });
    return modelHandle(from, {
      async generate(request, { signal } = {}) {
        const init = { method: "POST", body: String(request), client, ...signal && { signal } };
        return { text: await (await fetch(from, init)).text() };
      },
    }, { teardown: () => client.close() });
  },
});
export default provider;
