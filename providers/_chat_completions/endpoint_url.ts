/**
 * Where a call of an API goes.
 *
 * @module
 */

/** The URL of a path below a base URL, whose query is kept, as Azure's `?api-version=…`. */
export function endpointUrl(baseUrl: string, path: string): string {
  const url = new URL(baseUrl);
  url.pathname = `${url.pathname.replace(/\/+$/, "")}/${path}`;
  return url.href;
}
