/**
 * Checks a request's Signature Version 4 by signing it again.
 *
 * @module
 */
import { Sha256 } from "@aws-crypto/sha256-js";
import { SignatureV4 } from "@smithy/signature-v4";
import { Refused } from "./refusal.ts";

/** A key of an account. */
export interface AccessKey {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** The token that goes with a temporary key. */
  readonly sessionToken?: string;
  /** Whether the temporary key has run out. */
  readonly expired?: boolean;
}

const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{64})$/;
const MAX_AGE_MS = 5 * 60_000;

/**
 * Refuses a request unless one of `keys` signed all of it, recently, for this service.
 *
 * @throws {Refused} with the exception that AWS answers in each case
 */
export async function checkSignature(
  request: Request,
  { body, service, region, keys }: {
    readonly body: Uint8Array;
    readonly service: string;
    readonly region: string;
    readonly keys: readonly AccessKey[];
  },
): Promise<void> {
  const { headers } = request;
  const header = headers.get("authorization");
  if (header === null) {
    throw refused("MissingAuthenticationTokenException", "Missing Authentication Token");
  }
  const [, keyId, day, signedRegion, signedService, names = "", signature] =
    AUTHORIZATION.exec(header) ?? [];
  if (keyId === undefined) throw refused("IncompleteSignatureException", `Cannot read ${header}`);
  if (signedService !== service || signedRegion !== region) {
    throw refused(
      "InvalidSignatureException",
      `Credential should be scoped to '${region}/${service}'.`,
    );
  }
  const key = keys.find(({ accessKeyId }) => accessKeyId === keyId);
  const token = headers.get("x-amz-security-token") ?? undefined;
  if (key === undefined || key.sessionToken !== token) {
    throw refused(
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    );
  }
  const signingDate = dateOf(headers.get("x-amz-date") ?? "");
  if (signingDate === undefined || !headers.get("x-amz-date")?.startsWith(`${day}T`)) {
    throw refused("IncompleteSignatureException", "Date must be in the request, and as signed.");
  }
  if (Math.abs(Date.now() - signingDate.getTime()) > MAX_AGE_MS) {
    throw refused(
      "InvalidSignatureException",
      `Signature expired: ${headers.get("x-amz-date")} is more than 5 minutes from now`,
    );
  }
  const expected = await signatureOf(request, { body, service, region, key, names, signingDate });
  if (expected !== signature) {
    throw refused(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided.",
    );
  }
  if (key.expired) {
    throw refused(
      "ExpiredTokenException",
      "The security token included in the request is expired",
    );
  }
}

async function signatureOf(
  request: Request,
  { body, service, region, key, names, signingDate }: {
    readonly body: Uint8Array;
    readonly service: string;
    readonly region: string;
    readonly key: AccessKey;
    readonly names: string;
    readonly signingDate: Date;
  },
): Promise<string | undefined> {
  const url = new URL(request.url);
  const signed = names.split(";");
  const { accessKeyId, secretAccessKey, sessionToken } = key;
  const signer = new SignatureV4({
    service,
    region,
    sha256: Sha256,
    credentials: { accessKeyId, secretAccessKey, ...sessionToken && { sessionToken } },
  });
  // The signer adds the date, the token and the body's hash itself, from what truly arrived.
  const own = ["x-amz-date", "x-amz-security-token", "x-amz-content-sha256"];
  const again = await signer.sign({
    method: request.method,
    protocol: url.protocol,
    hostname: url.hostname,
    port: Number(url.port),
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    headers: Object.fromEntries(
      signed.filter((name) => !own.includes(name)).map((name) =>
        [name, request.headers.get(name) ?? ""] as const
      ),
    ),
    body,
  }, { signingDate });
  return AUTHORIZATION.exec(again.headers.authorization ?? "")?.[6];
}

function dateOf(text: string): Date | undefined {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, "$1-$2-$3T$4:$5:$6Z");
  return iso === text ? undefined : new Date(iso);
}

function refused(type: string, message: string): Refused {
  return new Refused({
    status: type === "IncompleteSignatureException" ? 400 : 403,
    type,
    message,
  });
}
