/**
 * Values that are never stored, logged or shown.
 *
 * @module
 */

/** What is shorter than this is no secret, and would blacken ordinary text. */
const SHORTEST = 8;

const MASK = "***";

/**
 * Variables of the environment that hold keys of well-known services: an evaluation's own code may
 * use them, and an endpoint's error message repeat them.
 */
export const KEY_VARIABLES: readonly string[] = [
  "ANTHROPIC_API_KEY",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AZURE_API_KEY",
  "AZURE_OPENAI_API_KEY",
  "COHERE_API_KEY",
  "DEEPSEEK_API_KEY",
  "DOTEVALS_AUTH_TOKEN",
  "FIREWORKS_API_KEY",
  "GEMINI_API_KEY",
  "GITHUB_TOKEN",
  "GOOGLE_API_KEY",
  "GOOGLE_GENERATIVE_AI_API_KEY",
  "GROQ_API_KEY",
  "HF_TOKEN",
  "HUGGING_FACE_HUB_TOKEN",
  "LANGFUSE_SECRET_KEY",
  "LANGSMITH_API_KEY",
  "MISTRAL_API_KEY",
  "MODAL_TOKEN_SECRET",
  "OPENAI_API_KEY",
  "OPENROUTER_API_KEY",
  "PERPLEXITY_API_KEY",
  "REPLICATE_API_TOKEN",
  "TOGETHER_API_KEY",
  "TURSO_AUTH_TOKEN",
  "VLLM_API_KEY",
  "XAI_API_KEY",
];

/** Secrets, which may become more while texts are masked. */
export class Secrets {
  /** In the forms that texts hold them in, the longest first. */
  #forms: readonly string[] = [];

  /** Holds the values of those variables that are set. */
  static of(env: (name: string) => string | undefined, names = KEY_VARIABLES): Secrets {
    const secrets = new Secrets();
    for (const name of names) secrets.add(env(name));
    return secrets;
  }

  /** Adds a value; one that is too short to be a secret is passed over. */
  add(secret: string | undefined): void {
    if (secret === undefined || secret.length < SHORTEST) return;
    const inJson = JSON.stringify(secret).slice(1, -1);
    const inUrl = secret.isWellFormed() ? encodeURIComponent(secret) : secret;
    this.#forms = [...new Set([...this.#forms, secret, inJson, inUrl])]
      .toSorted((left, right) => right.length - left.length);
  }

  /** Whether there are none. */
  get isEmpty(): boolean {
    return this.#forms.length === 0;
  }

  /** Whether a text holds one of them. */
  isIn(text: string): boolean {
    return this.#forms.some((form) => text.includes(form));
  }

  /** The text with a mask in the place of each of them; itself where it holds none. */
  mask(text: string): string {
    return this.#forms.reduce((masked, form) => masked.replaceAll(form, MASK), text);
  }
}
