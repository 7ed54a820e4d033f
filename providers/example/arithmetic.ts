/**
 * `example:arithmetic`: solves word problems by rules, and gets some wrong.
 *
 * It reads a problem clause by clause and takes the operation from the words around each
 * number. Asked to work step by step it follows all clauses; otherwise it guesses from the
 * first two numbers, as a model does that answers too fast.
 *
 * @module
 */
import { evaluateExpression } from "./expression.ts";
import { labelledPart } from "./labelled.ts";
import { withDigits } from "./number_words.ts";

type Operation = "+" | "-" | "*" | "/";

/** The words that an operation goes by; the first that matches wins. */
const CUES: readonly (readonly [RegExp, Operation])[] = [
  [/\b(?:each|every|per|apiece|times|an? (?:day|week|night|hour|minute))\b/, "*"],
  [/\b(?:shares?|shared|splits?|divid\w+|equally|pieces of|into)\b/, "/"],
  [
    anyOf(
      "sold|sells?|lost|loses?|ate|eats?|spent|spends?|gave|leak|fewer|less|younger|reduced|taken",
      "flew|uses?|saws|ill|burns|fell|left|keeps?|get off|slides|minus|not",
    ),
    "-",
  ],
  [
    anyOf(
      "more|gets?|gives? (?:her|him|them)|found|finds?|older|buys?|bought|added|came|come|plus",
    ),
    "+",
  ],
];

/** What the question asks for, where a clause itself gives no cue. */
const QUESTION_CUES: readonly (readonly [RegExp, Operation])[] = [
  [/\b(?:left|remain\w*|free|fewer|still|not|boys|change)\b/, "-"],
  [/\beach\b|\bhow many (?:pieces|days|minutes|crates|boxes)\b/, "/"],
];

/** Answers a prompt that holds a word problem, or an arithmetic expression. */
export function answer(prompt: string): string {
  const problem = withDigits(labelledPart(prompt, ["problem", "question"]));
  const steps = /step by step|show your work/i.test(prompt);
  const computed = direct(problem);
  if (computed !== undefined) return shown(computed);
  const work: string[] = [];
  const total = steps ? followed(problem, work) : guessed(problem);
  if (total === undefined) return "I cannot tell.";
  return steps ? [...work, `Answer: ${shown(total)}`].join("\n") : shown(total);
}

/** What needs no reading: expressions, powers, shares. */
function direct(problem: string): number | undefined {
  const power = /(\d+) to the power of (\d+)/i.exec(problem);
  if (power) return Number(power[1]) ** Number(power[2]);
  const percent = /(\d+(?:\.\d+)?)% of (\d+)/.exec(problem);
  if (percent) return Number(percent[1]) / 100 * Number(percent[2]);
  const [expression] = /[\d(][\d\s.+*/^()\u2212×÷-]*[\d)]/.exec(problem) ?? [];
  if (expression === undefined || !/[+*/^\u2212×÷-]/.test(expression)) return undefined;
  return evaluateExpression(
    expression.replaceAll("×", "*").replaceAll("÷", "/").replaceAll("\u2212", "-"),
  );
}

/** One operation on the first two numbers. */
function guessed(problem: string): number | undefined {
  const [first, second] = numbersIn(problem);
  if (first === undefined || second === undefined) return first;
  return apply(first, cueIn(problem, CUES) ?? "+", second);
}

/** All clauses in turn, the steps noted in `work`. */
function followed(problem: string, work: string[]): number | undefined {
  const question = /[^.!?]*\?\s*$/.exec(problem)?.[0].toLowerCase() ?? "";
  const asked = cueIn(question, QUESTION_CUES);
  let total: number | undefined;
  let rate = false; // "90 kilometres per hour": what is asked "in 4 hours" multiplies it

  function compute(left: number, operation: Operation, right: number): number {
    // A bill of 96 is split by 3 friends, whichever is named first.
    const [one, other] = operation === "/" && left < right ? [right, left] : [left, right];
    const value = apply(one, operation, other);
    work.push(`${shown(one)} ${operation} ${shown(other)} = ${shown(value)}`);
    return value;
  }

  for (const sentence of problem.toLowerCase().split(/(?<=[.!?])\s+/)) {
    // A clause without a verb takes over the one before: "gave 12 to Omar and 8 to Pia".
    let cue: Operation | undefined;
    for (const clause of sentence.split(/,\s+|\s+(?:and|but|then|which)\s+/)) {
      cue = cueIn(clause, CUES) ?? (cue === "*" ? undefined : cue);
      const operation = cue ?? asked ?? (rate && question.includes(clause) ? "*" : "+");
      const [first, second] = numbersIn(clause);
      if (first === undefined) {
        if (total !== undefined && /\btwice\b/.test(clause)) total = compute(total, "+", 2 * total);
      } else if (total !== undefined && clause.includes("%")) {
        total = compute(total, "*", 1 + (cue === "-" ? -first : first) / 100);
      } else if (second !== undefined && (cue === "*" || cue === "/")) {
        const part = compute(first, cue, second);
        total = total === undefined ? part : compute(total, "+", part);
      } else if (total === undefined) {
        total = /\bhalf of\b/.test(clause) ? compute(first, "/", 2) : first;
      } else total = compute(total, operation, first);
      rate ||= cue === "*";
    }
  }
  return total;
}

function anyOf(...words: readonly string[]): RegExp {
  return new RegExp(`\\b(?:${words.join("|")})\\b`);
}

function numbersIn(text: string): readonly number[] {
  return Array.from(text.matchAll(/\d+(?:\.\d+)?/g), ([digits]) => Number(digits));
}

function cueIn(text: string, cues: typeof CUES): Operation | undefined {
  return cues.find(([words]) => words.test(text.toLowerCase()))?.[1];
}

function apply(left: number, operation: Operation, right: number): number {
  switch (operation) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
  }
}

function shown(value: number): string {
  return String(Math.round(value * 100) / 100);
}
