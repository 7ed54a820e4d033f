/**
 * The Modal SDK, for `load_sdk.ts`: whoever imports this file downloads the SDK.
 *
 * @module
 */
export { ModalClient } from "modal";
