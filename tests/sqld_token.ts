/**
 * Tokens for servers that ask for one.
 *
 * @module
 */

/** A key that a server checks tokens with, and a token that it takes. */
export interface SqldToken {
  /** PEM, for the server's file. */
  readonly publicKey: string;
  readonly token: string;
}

/** Makes a pair of keys and signs a token that may do all. */
export async function sqldToken(): Promise<SqldToken> {
  const pair = await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]);
  if (!("publicKey" in pair)) throw new TypeError("No pair of keys was made.");
  const der = new Uint8Array(await crypto.subtle.exportKey("spki", pair.publicKey));
  const signed = [{ alg: "EdDSA", typ: "JWT" }, { a: "rw" }].map((part) =>
    base64url(new TextEncoder().encode(JSON.stringify(part)))
  ).join(".");
  const bytes = new TextEncoder().encode(signed);
  const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes));
  return {
    publicKey: `-----BEGIN PUBLIC KEY-----\n${der.toBase64()}\n-----END PUBLIC KEY-----\n`,
    token: `${signed}.${base64url(signature)}`,
  };
}

function base64url(bytes: Uint8Array): string {
  return bytes.toBase64({ alphabet: "base64url", omitPadding: true });
}
