import { join } from "@std/path/join";
import { openFileExecutor } from "./file_executor.ts";
import { testStorage } from "./testing/conformance.ts";
import { openSubject } from "./testing/libsql_subject.ts";

testStorage("libSQL in a file", async () => {
  const folder = await Deno.makeTempDir({ prefix: "dotevals_" });
  const path = join(folder, "new folder", "50% of #1?.db");
  return await openSubject({
    location: `file:${path}`,
    largestText: 10_000_000,
    execute: () => openFileExecutor(path),
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  });
});
