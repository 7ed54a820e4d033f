/**
 * The `modal` provider: a function, or a class's method, that is deployed on Modal.
 *
 * @module
 */
import { toModelRequest } from "../src/providers/model.ts";
import { TransientError } from "../src/providers/model_error.ts";
import { defineProvider, modelHandle, type ModelProvider } from "../src/providers/provider.ts";
import { ACCOUNT_VARIABLES, type ModalAccountConfig } from "./modal/account.ts";
import { type ModalConfig, modalConfig } from "./modal/config.ts";
import { connect } from "./modal/connection.ts";
import { findFunction, functionNamed } from "./modal/deployed_function.ts";
import { messageIn, toModelError, toSetupError } from "./modal/errors.ts";
import { toModelResponse } from "./modal/function_answer.ts";
import { FunctionCalls } from "./modal/function_calls.ts";
import { toFunctionInput } from "./modal/function_input.ts";

export type { ModalAccountConfig, ModalConfig };

/** Answers from a deployed function: `modal:APP/FUNCTION` or `modal:APP/CLASS.METHOD`. */
const modal: ModelProvider<ModalConfig> = defineProvider<ModalConfig>({
  name: "modal",
  permissions: { net: ["api.modal.com"], env: ACCOUNT_VARIABLES },
  config: modalConfig,
  async setup(spec, context) {
    const { config, signal: stopping, log } = context;
    const named = functionNamed(spec, config.parameters);
    const connection = await connect(context, {
      callOnce: ["FunctionMap"],
      callThrough: ["FunctionMap", "FunctionCallCancel"],
      waitWhenThrottled: false,
    });
    const { client, masked } = connection;
    const target = await connection.until(stopping, () => findFunction(client, named))
      .catch((error) => {
        throw stopping.aborted ? stopping.reason : toSetupError(error, masked);
      });
    const calls = new FunctionCalls(target, {
      until: connection.until,
      onCancelFailed: (error) =>
        log("warn", `modal: a call could not be cancelled: ${masked(messageIn(error))}`),
    });
    return modelHandle(`modal:${spec} ${target.functionId}`, {
      async generate(request, { signal } = {}) {
        signal?.throwIfAborted();
        const asked = toModelRequest(request);
        try {
          const answer = await calls.call(toFunctionInput(asked, config), signal);
          return toModelResponse(answer, asked.schema !== undefined);
        } catch (error) {
          if (signal?.aborted) throw signal.reason;
          throw toModelError(error, masked);
        }
      },
    }, {
      async load({ signal = new AbortController().signal } = {}) {
        const stats = await connection.until(signal, () => target.getCurrentStats());
        return { running: calls.running, waiting: stats.backlog };
      },
      async teardown() {
        await calls.end(new TransientError(`The model modal:${spec} was torn down.`));
        client.close();
      },
    });
  },
});
export default modal;
