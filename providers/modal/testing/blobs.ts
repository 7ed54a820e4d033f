/**
 * Modal's store for what is too large for a message.
 *
 * @module
 */
import { createHash } from "node:crypto";
import { ServerError, Status } from "nice-grpc";
import type { Handlers } from "./definition.ts";

/** A store that runs. */
export interface Blobs extends AsyncDisposable {
  /** Modal's calls for it. */
  readonly handlers: Handlers;
  /** Keeps a blob, and gives its id. */
  put(bytes: Uint8Array): string;
  /** The blob of an id. */
  get(id: string): Uint8Array;
}

interface Expected {
  readonly md5: string;
  readonly sha256: string;
  readonly length: number;
}

/** Starts a store: blobs are uploaded to URLs, with the digests that were announced. */
export function startBlobs(): Blobs {
  const stored = new Map<string, Uint8Array>();
  const expected = new Map<string, Expected>();
  const server = Deno.serve({ hostname: "127.0.0.1", port: 0, onListen() {} }, async (request) => {
    const id = new URL(request.url).pathname.slice(1);
    if (request.method === "GET") {
      const blob = stored.get(id);
      return blob ? new Response(new Uint8Array(blob)) : new Response("none", { status: 404 });
    }
    const bytes = new Uint8Array(await request.arrayBuffer());
    const announced = expected.get(id);
    const right = request.method === "PUT" && announced?.length === bytes.length &&
      announced.md5 === digest("md5", bytes) && announced.sha256 === digest("sha256", bytes) &&
      request.headers.get("content-md5") === announced.md5;
    if (!right) return new Response("other bytes than announced", { status: 400 });
    stored.set(id, bytes);
    return new Response();
  });
  const urlOf = (id: string) => `http://127.0.0.1:${server.addr.port}/${id}`;
  const get = (id: string) => {
    const blob = stored.get(id);
    if (blob === undefined) throw new ServerError(Status.NOT_FOUND, `There is no blob ${id}.`);
    return blob;
  };
  return {
    handlers: {
      blobCreate({ contentMd5: md5 = "", contentSha256Base64: sha256 = "", contentLength = 0 }) {
        const blobId = `bl-${crypto.randomUUID()}`;
        expected.set(blobId, { md5, sha256, length: contentLength });
        return Promise.resolve({ blobId, uploadUrl: urlOf(blobId) });
      },
      blobGet({ blobId = "" }) {
        get(blobId);
        return Promise.resolve({ downloadUrl: urlOf(blobId) });
      },
    },
    put(bytes) {
      const id = `bl-${crypto.randomUUID()}`;
      stored.set(id, bytes);
      return id;
    },
    get,
    async [Symbol.asyncDispose]() {
      await server.shutdown();
    },
  };
}

function digest(algorithm: "md5" | "sha256", bytes: Uint8Array): string {
  return createHash(algorithm).update(bytes).digest("base64");
}
