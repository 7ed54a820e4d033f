/** The environment without colours and without what would lead a test to a user's own accounts. */
export function testEnvironment(): Record<string, string> {
  const kept = Object.entries(Deno.env.toObject()).filter(([name]) =>
    !/^DOTEVALS_|^GITHUB_|_API_KEY$|^TURSO_|_COLOR$/.test(name)
  );
  return { ...Object.fromEntries(kept), NO_COLOR: "1" };
}
