import { sqldMissing, startSqld } from "../../tests/sqld.ts";
import { systemClock } from "../clock.ts";
import { openRemoteExecutor } from "./remote_executor.ts";
import { testStorage } from "./testing/conformance.ts";
import { openSubject } from "./testing/libsql_subject.ts";

testStorage("libSQL over HTTP", async () => {
  const server = await startSqld();
  return await openSubject({
    location: server.url,
    largestText: 3_000_000,
    execute: () => Promise.resolve(openRemoteExecutor({ url: server.url, clock: systemClock })),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  });
}, { skip: sqldMissing });
