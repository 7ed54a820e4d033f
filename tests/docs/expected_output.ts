/**
 * Whether `actual` is what a page shows as output. `…` stands for any text within a line, or for any
 * lines when it is alone on one; spaces at the ends of lines do not count.
 */
export function matchesOutput(actual: string, expected: string): boolean {
  const pattern = tidy(expected).split("\n").map((line) =>
    line.trim() === "…" ? "(?:.*\\n)*?" : `${line.split("…").map(RegExp.escape).join(".*")}\\n`
  );
  return new RegExp(`^${pattern.join("")}$`).test(`${tidy(actual)}\n`);
}

function tidy(text: string): string {
  return text.replace(/[ \t\r]+$/gm, "").replace(/^\n+|\n+$/g, "");
}
