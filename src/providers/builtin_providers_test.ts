import { assertEquals } from "@std/assert";
import { BUILTIN_PROVIDERS } from "./builtin_providers.ts";
import { loadProvider } from "./registry.ts";

Deno.test("BUILTIN_PROVIDERS says of each provider what its module says", async () => {
  for (const { name, spec, permissions } of BUILTIN_PROVIDERS) {
    const { provider } = await loadProvider(spec);
    assertEquals([provider.name, provider.permissions], [name, permissions]);
  }
});
