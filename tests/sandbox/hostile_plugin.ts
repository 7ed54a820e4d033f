/**
 * A plugin that tries whatever attack it is asked to.
 *
 * @module
 */
import type { Attack } from "./attacks/attack.ts";

/** What attacks use: modules as URLs, workers, and words for what came of it. */
const TOOLS = `
function script(text) { return "data:text/javascript," + encodeURIComponent(text); }
function blob(text) { return URL.createObjectURL(new Blob([text], { type: "text/javascript" })); }
function worker(url) {
  return new Promise((resolve, reject) => {
    const started = new Worker(url, { type: "module" });
    const end = (settle, value) => { started.terminate(); settle(value); };
    started.onmessage = ({ data }) => data.error ? end(reject, new Error(data.error)) : end(resolve, data.text);
    started.onerror = (event) => { event.preventDefault(); end(reject, new Error(event.message)); };
  });
}
function none() { throw new Error("not set"); }
function telling(expression) {
  return none + "try { postMessage({ text: String(" + expression + ") }); }" +
    "catch (error) { postMessage({ error: String(error) }); }";
}
function secretModule({ folder }) { return JSON.stringify("file://" + folder + "/secret.js"); }
function reading({ folder }) { return telling("Deno.readTextFileSync(" + JSON.stringify(folder + "/secret.txt") + ")"); }
function importing(world) { return "import text from " + secretModule(world) + "; postMessage({ text });"; }
function exporting(world) { return "export { default } from " + secretModule(world); }
function exportingLater(world) { return "export default (await import(" + secretModule(world) + ")).default"; }
function starting(url) {
  return "const inner = new Worker(" + JSON.stringify(url) + ", { type: 'module' });" +
    "inner.onmessage = ({ data }) => postMessage(data);";
}
/** Some of node's errors are thrown where nobody can catch them. */
function uncaught(attempt) {
  return new Promise((resolve, reject) => {
    addEventListener("error", (event) => { event.preventDefault(); reject(event.error); }, { once: true });
    attempt(resolve, reject);
  });
}
/** What is refused may say nothing at all. */
function inTime(attempt) {
  const late = new Promise((_, reject) => setTimeout(() => reject(new Error("nothing came of it")), 20_000));
  return Promise.race([attempt, late]);
}
/** A refusal may be the cause of an error, or its cause's cause. */
function wholeMessage(error) {
  return error?.cause ? error.message + ": " + wholeMessage(error.cause) : String(error?.message ?? error);
}
`;

/** The plugin's module. A request names the attack: `{ attack, world }` as JSON. */
export function hostilePlugin(
  attacks: readonly Attack[],
  grant: { readonly net: readonly string[] },
): string {
  const functions = attacks.map(({ name, code }) =>
    `  ${JSON.stringify(name)}: async (world) => { ${code} },`
  );
  return `${TOOLS}
const ATTACKS = {
${functions.join("\n")}
};
export default {
  [Symbol.for("dotevals.provider")]: 1,
  name: "hostile",
  permissions: ${JSON.stringify(grant)},
  setup: (spec) => ({
    resourceId: spec,
    model: {
      async generate(request) {
        const { attack, world } = JSON.parse(typeof request === "string" ? request : request.messages[0].content);
        try {
          return { text: String(await inTime(ATTACKS[attack](world))) };
        } catch (error) {
          throw new Error(wholeMessage(error));
        }
      },
    },
    teardown() {},
  }),
};
`;
}
