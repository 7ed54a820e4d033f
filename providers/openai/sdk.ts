/**
 * The official client. Loaded when it is needed only: loading it takes longer than a short run.
 *
 * @module
 */
export { APIConnectionError, APIError, OpenAI } from "openai";
