/**
 * Starts the gateway, the process that speaks gRPC for a stand-in.
 *
 * @module
 */
import { fromFileUrl } from "@std/path/from-file-url";
import type { GatewayOrders } from "./gateway.ts";

/** A gateway that runs. */
export interface Gateway extends AsyncDisposable {
  readonly url: string;
}

/** Starts a gateway; its process ends with this one, or when it is disposed of. */
export async function startGateway(orders: GatewayOrders): Promise<Gateway> {
  const process = new Deno.Command(Deno.execPath(), {
    args: [
      "run",
      "-A",
      "--no-check",
      "--quiet",
      fromFileUrl(new URL("gateway.ts", import.meta.url)),
    ],
    stdin: "piped",
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const input = process.stdin.getWriter();
  await input.write(new TextEncoder().encode(`${JSON.stringify(orders)}\n`));
  const output = process.stdout.getReader();
  const port = new TextDecoder().decode((await output.read()).value).trim();
  if (!/^\d+$/.test(port)) throw new Error("The gateway did not start.");
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      await input.close();
      await output.cancel();
      await process.status;
    },
  };
}
