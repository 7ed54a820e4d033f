/**
 * Finds the part of a prompt that is to be worked on.
 *
 * @module
 */

/**
 * What follows a label such as `Review:`, up to the prompt's end; the whole prompt where
 * none of the labels stands in it.
 */
export function labelledPart(prompt: string, labels: readonly string[]): string {
  const label = new RegExp(`^\\s*(?:${labels.join("|")}):`, "im").exec(prompt);
  return (label ? prompt.slice(label.index + label[0].length) : prompt).trim();
}
