import { assertEquals } from "@std/assert";
import { fromFileUrl } from "@std/path/from-file-url";
import { print } from "../../tasks/print.ts";
import { type PageOutcome, runPage } from "./page.ts";

const ROOT = new URL("../../", import.meta.url);

Deno.test("every code block of README.md and docs/ runs", async (t) => {
  const outcomes: PageOutcome[] = [];
  const pages = ["README.md", ...await markdownPages("docs")];
  for (const page of pages) {
    await t.step(page, async () => {
      const outcome = await runInScratch(await Deno.readTextFile(new URL(page, ROOT)));
      outcomes.push(outcome);
      assertEquals(outcome.failures.map((failure) => `${page}, ${failure}`).join("\n\n"), "");
    });
  }
  const [found, run, skipped] = (["found", "run", "skipped"] as const)
    .map((count) => outcomes.reduce((sum, outcome) => sum + outcome[count], 0));
  await print(`docs: ${found} blocks found, ${run} run, ${skipped} skipped`);
  assertEquals(outcomes.length, pages.length);
  assertEquals(found, (run ?? 0) + (skipped ?? 0));
});

Deno.test("runPage() uses files of a page in its later blocks and compares what they print", async () => {
  const outcome = await runInScratch(`
\`\`\`ts file=lib/answer.ts
export const answer: number = 42;
\`\`\`
\`\`\`ts
import { assert } from "@std/assert";
import { answer } from "./lib/answer.ts";
assert(answer === 42);
console.log("it is", answer);
\`\`\`
\`\`\`text output
it is …
\`\`\`
\`\`\`jsonl file=rows.jsonl
{"a": 1}
{"a": 2}
\`\`\`
\`\`\`sh
wc -l < rows.jsonl; deno eval 'console.error(Deno.version.deno)'; npx -y deno@${Deno.version.deno} eval 1
\`\`\`
\`\`\`text output
2
\`\`\`
\`\`\`sh exit=3
exit 3
\`\`\`
\`\`\`sql empty
select 1 as one, null as none;
\`\`\`
\`\`\`text output
one | none
1 | null
\`\`\`
\`\`\`sh skip="needs an API key"
false
\`\`\`
`);
  assertEquals(outcome, { found: 10, run: 9, skipped: 1, failures: [] });
});

Deno.test("runPage() reports each block that does not hold", async () => {
  const wrong = {
    "```ts\nconst a: string = 1;\n```": "not assignable",
    "```ts file=a.ts\nexport const a: string = 1;\n```": "not assignable",
    "```ts\nDeno.exit(1);\n```": "ended with code 1",
    "```sh\nfalse\ntrue\n```": "ended with code 1",
    "```sh exit=2\ntrue\n```": "ended with code 0, not 2",
    "```json\n{a: 1}\n```": "SyntaxError",
    "```jsonl\n{}\n{\n```": "SyntaxError",
    "```sql\nselect 1\n```": "NotFound",
    "```sql empty\nselekt 1\n```": "syntax error",
    "```text\nplain\n```": "nothing executes this block",
    "```python\n1\n```": 'unknown language "python"',
    "```\nplain\n```": 'unknown language ""',
    "```sh skip\nfalse\n```": "without a reason",
    "```sh skpi=why\nfalse\n```": 'unknown attribute "skpi"',
    "```text output\nplain\n```": "was not run",
    '```sh skip="why"\ntrue\n```\n```text output\n\n```': "was not run",
    "```sh\necho a\n```\n```text output\nb\n```": "the output differs",
  };
  const { found, failures } = await runInScratch(Object.keys(wrong).join("\n"));
  assertEquals(found, Object.keys(wrong).length + 2);
  assertEquals(
    Object.values(wrong).filter((part, at) => !failures[at]?.includes(part)),
    [],
    failures.join("\n"),
  );
});

/** Runs a page below the checkout, where `@dotevals/core` and `jsr:@dotevals/cli` are its own. */
async function runInScratch(page: string): Promise<PageOutcome> {
  const folder = await Deno.makeTempDir({
    dir: fromFileUrl(new URL("./", import.meta.url)),
    prefix: "scratch-",
  });
  try {
    return await runPage(page, folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

async function markdownPages(folder: string): Promise<string[]> {
  const pages: string[] = [];
  for await (const { name, isDirectory } of Deno.readDir(new URL(`${folder}/`, ROOT))) {
    if (isDirectory) pages.push(...await markdownPages(`${folder}/${name}`));
    else if (name.endsWith(".md")) pages.push(`${folder}/${name}`);
  }
  return pages.sort();
}
