import { assertEquals, assertThrows } from "@std/assert";
import { grantOptions, missing, toGrant } from "./grant.ts";

Deno.test("toGrant() gives each host its port, and sorts", () => {
  assertEquals(
    toGrant({
      net: ["b.test", "A.test:8000", "[::1]:80", "*.c.test", "b.test:443"],
      env: ["B", "A"],
    }),
    { net: ["*.c.test:443", "[::1]:80", "a.test:8000", "b.test:443"], env: ["A", "B"] },
  );
});

Deno.test("toGrant() takes no more than hosts and names of variables", () => {
  for (
    const host of [
      "",
      "*",
      "a.test --allow-all",
      "a,b",
      "10.0.0.0/8",
      "https://a.test",
      "a:0",
      "a:99999",
      "a/b",
      "a.test\n",
      "a.test\nb.test",
      "a.test:80:80",
      "*.*.test",
      "*test",
      "[::",
      "[:::::]",
      "[a.test]",
      "1.2.3.4.5",
      "256.1.1.1",
      "a.test\u001b[2K",
      "ä.test",
      "me@a.test",
    ]
  ) {
    assertThrows(() => toGrant({ net: [host] }), TypeError, "is no host");
  }
  for (const name of ["", "A B", "A,B", "*", "DENO_DIR", "LD_PRELOAD", "NODE_OPTIONS", "1A"]) {
    assertThrows(() => toGrant({ env: [name] }), TypeError, "is no variable");
  }
  for (const net of ["a.test", 5, [5], { 0: "a" }]) {
    assertThrows(() => toGrant({ net }), TypeError, "must be a list of texts");
  }
});

Deno.test("toGrant() writes addresses as requests name them, so that who reads them knows them", () => {
  const forms = ["2130706433:80", "127.1:80", "0x7f.0.0.1:80", "0177.0.0.1:80", "127.0.0.1:80"];
  assertEquals(toGrant({ net: forms }).net, ["127.0.0.1:80"]);
  assertEquals(toGrant({ net: ["[0:0:0:0:0:0:0:1]:80"] }).net, ["[::1]:80"]);
});

Deno.test("missing() and grantOptions() say what has to be granted", () => {
  const asked = toGrant({ net: ["a.test", "b.test:80"], env: ["KEY"] });
  const more = missing(asked, toGrant({ net: ["a.test"] }));
  assertEquals(more, { net: ["b.test:80"], env: ["KEY"] });
  assertEquals(grantOptions(asked), "--allow-net=a.test,b.test:80 --allow-env=KEY");
});
