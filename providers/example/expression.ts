/**
 * Computes arithmetic expressions: `9 * (4 + 3)`.
 *
 * @module
 */

const TOKEN = /\s*(\d+(?:\.\d+)?|[-+*/^()])/y;

/** The value of an expression of numbers, `+ - * / ^` and parentheses; else `undefined`. */
export function evaluateExpression(text: string): number | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  let at = 0;

  function sum(): number {
    let value = product();
    while (tokens?.[at] === "+" || tokens?.[at] === "-") {
      value += (tokens[at++] === "+" ? 1 : -1) * product();
    }
    return value;
  }

  function product(): number {
    let value = power();
    while (tokens?.[at] === "*" || tokens?.[at] === "/") {
      value = tokens[at++] === "*" ? value * power() : value / power();
    }
    return value;
  }

  function power(): number {
    const base = atom();
    if (tokens?.[at] !== "^") return base;
    at++;
    return base ** power();
  }

  function atom(): number {
    const token = tokens?.[at++];
    if (token === "-") return -atom();
    if (token !== "(") return token === undefined ? NaN : Number(token);
    const value = sum();
    return tokens?.[at++] === ")" ? value : NaN;
  }

  const value = sum();
  return at === tokens.length && Number.isFinite(value) ? value : undefined;
}

function tokensOf(text: string): readonly string[] | undefined {
  const tokens: string[] = [];
  TOKEN.lastIndex = 0;
  for (let at = 0; at < text.trimEnd().length; at = TOKEN.lastIndex) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) return undefined;
    tokens.push(token);
  }
  return tokens;
}
