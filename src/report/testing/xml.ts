/**
 * Reads XML as programs do.
 *
 * @module
 */
import { SaxesParser } from "saxes";
import { validateXML } from "xmllint-wasm";

/** An element with what is in it. */
export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  /** Its own text, without that of its children. */
  text: string;
}

/** The root of a document; throws where it is not well-formed. */
export function parseXml(document: string): XmlElement {
  const root: XmlElement = { name: "", attributes: {}, children: [], text: "" };
  const open = [root];
  const parser = new SaxesParser();
  parser.on("error", (error) => {
    throw error;
  });
  parser.on("opentag", ({ name, attributes }) => {
    const element: XmlElement = { name, attributes, children: [], text: "" };
    open.at(-1)?.children.push(element);
    open.push(element);
  });
  parser.on("text", (text) => {
    const last = open.at(-1);
    if (last) last.text += text;
  });
  parser.on("closetag", () => open.pop());
  parser.write(document).close();
  const [element] = root.children;
  if (element === undefined) throw new TypeError("There is no element.");
  return element;
}

/** What libxml2 says against a document that is to be a JUnit report; nothing where it is one. */
export async function junitProblems(document: string): Promise<readonly string[]> {
  const schema = await Deno.readTextFile(new URL("./junit.xsd", import.meta.url));
  const { errors } = await validateXML({ xml: document, schema, maxMemoryPages: 4096 });
  return errors.map(({ message }) => message);
}
