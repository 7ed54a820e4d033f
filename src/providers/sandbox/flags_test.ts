import { assert, assertEquals } from "@std/assert";
import { sandboxFlags } from "./flags.ts";
import { toGrant } from "./grant.ts";
import { DEFAULT_LIMITS } from "./limits.ts";

const SOURCE = {
  url: "https://acme.test/provider.ts",
  cacheDir: "/cache",
  lockPath: "/cache/lock.json",
  importHosts: ["acme.test:443"],
  hasNpm: false,
};

/** The networks that a plugin with these hosts cannot reach by any name. */
function denied(...net: readonly string[]): readonly string[] {
  const grant = toGrant({ net });
  const flags = sandboxFlags(SOURCE, { grant, limits: DEFAULT_LIMITS });
  const flag = flags.find((each) => each.startsWith("--deny-net="));
  return flag?.slice("--deny-net=".length).split(",") ?? [];
}

Deno.test("no name leads into a private network, whatever it is called", () => {
  const all = denied();
  for (const range of ["127.0.0.0/8", "[::]", "[::1]", "10.0.0.0/8", "0.0.0.0/8"]) {
    assert(all.includes(range), range);
  }
  const names = ["10.acme.test", "127.acme.test", "192.168.acme.test", "0.test", "localhost.test"];
  assertEquals(denied(...names, "169.254.acme.test", "172.16.test", "100.64.test"), all);
});

Deno.test("whoever grants a private address gets its network, and no other", () => {
  const all = denied();
  const opened = (...net: readonly string[]) =>
    all.filter((range) => !denied(...net).includes(range));
  assertEquals(opened("api.acme.test", "8.8.8.8"), []);
  assertEquals(opened("127.0.0.1:8000"), ["127.0.0.0/8"]);
  assertEquals(opened("localhost:8000"), ["127.0.0.0/8", "[::1]"]);
  assertEquals(opened("10.1.2.3:80", "192.168.1.1"), ["10.0.0.0/8", "192.168.0.0/16"]);
  assertEquals(opened("[::1]:80"), ["[::1]"]);
  assertEquals(opened("[::]:80"), ["[::]"]);
});

Deno.test("a plugin that was granted nothing is given nothing", () => {
  const flags = sandboxFlags(SOURCE, { grant: toGrant({}), limits: DEFAULT_LIMITS });
  assertEquals(flags.filter((flag) => flag.startsWith("--allow")), [
    "--allow-import=acme.test:443",
  ]);
  for (const flag of ["--no-prompt", "--cached-only", "--frozen", "--no-npm", "--no-config"]) {
    assert(flags.includes(flag), flag);
  }
});
