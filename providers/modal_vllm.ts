/**
 * The `modal-vllm` provider: a fleet of vLLM servers in sandboxes with GPUs on Modal.
 *
 * @module
 */
import type { ModelProvider } from "../src/providers/provider.ts";
import type { ModalAccountConfig } from "./modal/account.ts";
import type { ModalVllmConfig } from "./modal_vllm/config.ts";
import { modalVllmProvider } from "./modal_vllm/provider.ts";

export type { ModalAccountConfig, ModalVllmConfig };

/** Answers from vLLM servers on Modal that it starts and ends: `modal-vllm:MODEL`. */
const modalVllm: ModelProvider<ModalVllmConfig> = modalVllmProvider();
export default modalVllm;
