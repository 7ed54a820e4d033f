import { memoryStorage } from "./memory.ts";
import { testStorage } from "./testing/conformance.ts";

testStorage("memoryStorage()", () => {
  const storage = memoryStorage();
  return Promise.resolve({
    storage,
    largestText: 10_000_000,
    connect: () => Promise.resolve(storage),
    [Symbol.asyncDispose]: () => storage[Symbol.asyncDispose](),
  });
});
