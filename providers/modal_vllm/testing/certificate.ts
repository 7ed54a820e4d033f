/**
 * The certificate of the stand-in's tunnels: for 127.0.0.1, signed by itself, of no use elsewhere.
 *
 * Made with: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 36500
 *   -subj "/CN=stand-in for a tunnel" -addext "subjectAltName=IP:127.0.0.1"
 *   -addext "basicConstraints=critical,CA:FALSE"
 *
 * @module
 */

/** The certificate. */
export const CERTIFICATE = `-----BEGIN CERTIFICATE-----
MIIBpjCCAUugAwIBAgIUJ9uPXmvR2VyW+npUjrySr5ty7vswCgYIKoZIzj0EAwIw
IDEeMBwGA1UEAwwVc3RhbmQtaW4gZm9yIGEgdHVubmVsMCAXDTI2MTEyNTEyMjMz
M1oYDzIxMjYxMTAxMTIyMzMzWjAgMR4wHAYDVQQDDBVzdGFuZC1pbiBmb3IgYSB0
dW5uZWwwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAASm2PYi/8GE8AVaKFcAaSZo
Z9ApsZ4ppsbhHk4AM5aQXiUqRVTwuyKGSta7c3htDhX4LSxm9EB+SY5xybb/inB4
o2EwXzAdBgNVHQ4EFgQUsw1y7utTifS/f1Qq6xcTQJQKMsgwHwYDVR0jBBgwFoAU
sw1y7utTifS/f1Qq6xcTQJQKMsgwDwYDVR0RBAgwBocEfwAAATAMBgNVHRMBAf8E
AjAAMAoGCCqGSM49BAMCA0kAMEYCIQCxtzn/Sj6EZ9W5KlkPWjNFIpRREw8yS+fx
POLkug/BRgIhANMKzU8LHbe/LEQAQl53kXkcmkzCNxVBbjpL4vLQrAEM
-----END CERTIFICATE-----
`;

/** Its key. */
export const KEY = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgkq4LRV1IGRkwqj+V
9IOiZ3TEwRgCGL5jazIEKWj2UQGhRANCAASm2PYi/8GE8AVaKFcAaSZoZ9ApsZ4p
psbhHk4AM5aQXiUqRVTwuyKGSta7c3htDhX4LSxm9EB+SY5xybb/inB4
-----END PRIVATE KEY-----
`;
