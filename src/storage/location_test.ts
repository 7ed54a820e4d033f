import { assertEquals } from "@std/assert";
import { resolve } from "@std/path/resolve";
import { parseLocation, secretsIn } from "./location.ts";

Deno.test("parseLocation() reads paths with and without file:", () => {
  const path = resolve("x/results.db");
  assertEquals(parseLocation("x/results.db"), {
    type: "file",
    path,
    display: "file:x/results.db",
  });
  assertEquals(parseLocation("file:x/results.db"), {
    type: "file",
    path,
    display: "file:x/results.db",
  });
  const odd = parseLocation("file:50% of #1?");
  assertEquals(odd.type === "file" && odd.path, resolve("50% of #1?"));
});

Deno.test("parseLocation() decodes file URLs", { ignore: Deno.build.os === "windows" }, () => {
  const location = parseLocation("file:///tmp/a%20b.db");
  assertEquals(location.type === "file" && location.path, "/tmp/a b.db");
});

Deno.test("secretsIn() gives password and query of an address, as written and decoded", () => {
  const secrets = secretsIn("https://me:pass%21word@host/path?authToken=a%2Bb&tls=1");
  assertEquals(new Set(secrets), new Set(["pass%21word", "pass!word", "a+b", "a%2Bb", "1"]));
  for (const none of ["file:a.db?x=secret", "memory:", "https://host/path", "http://["]) {
    assertEquals(secretsIn(none).join(""), "", none);
  }
});

Deno.test("parseLocation() shows remote databases without user, password and query", () => {
  for (const scheme of ["libsql", "https", "http"]) {
    const url = `${scheme}://me:word@db.example.com:8080/name?authToken=secret`;
    assertEquals(parseLocation(url), {
      type: "remote",
      url,
      display: `${scheme}://db.example.com:8080/name`,
    });
  }
});
