/**
 * The versions of what the Modal SDK encodes with, loaded before it.
 *
 * `cbor-extract` 2.2.3 asks for binaries that not every registry has, and then nothing that needs
 * it can be resolved. Deno keeps a version that is resolved already, so these come first.
 *
 * @module
 */
import "cbor-extract";
import "cbor-x";
