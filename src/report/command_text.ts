/**
 * Commands that the runner of GitHub Actions reads in a log.
 *
 * Escaped as `actions/toolkit` does it and `actions/runner` undoes it
 * (`src/Runner.Common/ActionCommand.cs`): `%` first, then what ends a command, a property or a list.
 *
 * @module
 */
import { plainText } from "./plain_text.ts";

/** What an annotation is about. */
export interface Annotation {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  /** A file below the checkout, and a line in it, from 1. */
  readonly file?: string | undefined;
  readonly line?: number | undefined;
}

/** The line that makes an annotation. */
export function annotationLine({ level, title, message, file, line }: Annotation): string {
  const properties = Object.entries({ file, line, title })
    .filter(([, value]) => value !== undefined && value !== "")
    .map(([name, value]) => `${name}=${property(String(value))}`);
  return `::${level} ${properties.join(",")}::${data(message)}`;
}

function data(text: string): string {
  return plainText(text).replaceAll("%", "%25").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
