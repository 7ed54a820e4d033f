/**
 * A real browser, for tests of pages: Debian's `chromium`, or another build of it on the PATH.
 *
 * @module
 */
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";

/** What builds of Chromium are called. */
const NAMES = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

const executable = findExecutable();

/** A page, and what it did that it should not do. */
export interface Visit {
  readonly page: Page;
  /** Errors, refusals of the page's policy, dialogs, and requests for anything but the file. */
  readonly incidents: readonly string[];
}

/** A test that needs the browser; without one it says so and is ignored, on CI it fails. */
export function browserTest(name: string, test: (browser: Browser) => Promise<void>): void {
  const isMissing = executable === undefined;
  const isCi = Deno.env.get("CI") === "true";
  Deno.test({
    name: isMissing ? `${name} (NOT RUN: there is no Chromium on the PATH)` : name,
    ignore: isMissing && !isCi,
    async fn() {
      if (executable === undefined) throw new Error("CI has to have Chromium on the PATH.");
      // As root, Chromium has no sandbox of its own; the pages are ours.
      const browser = await chromium.launch({ executablePath: executable, args: ["--no-sandbox"] });
      try {
        await test(browser);
      } finally {
        await browser.close();
      }
    },
  });
}

/** Opens a file as a person would. */
export async function visit(
  browser: Browser,
  path: string,
  options: BrowserContextOptions = {},
): Promise<Visit> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const incidents: string[] = [];
  const url = new URL(`file://${path}`).href;
  page.on("pageerror", (error) => incidents.push(`error: ${error.message}`));
  page.on("console", (message) => incidents.push(`console: ${message.text()}`));
  page.on("dialog", async (dialog) => {
    incidents.push(`dialog: ${dialog.message()}`);
    await dialog.dismiss();
  });
  page.on("request", (request) => {
    if (request.url() !== url) incidents.push(`request: ${request.url()}`);
  });
  context.on("page", (opened) => incidents.push(`window: ${opened.url()}`));
  await page.goto(url);
  return { page, incidents };
}

function findExecutable(): string | undefined {
  const folders = (Deno.env.get("PATH") ?? "").split(":");
  for (const name of NAMES) {
    for (const folder of folders) {
      try {
        if (Deno.statSync(`${folder}/${name}`).isFile) return `${folder}/${name}`;
      } catch {
        // It is not in this folder.
      }
    }
  }
  return undefined;
}
