import { assertAlmostEquals, assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import type { Score } from "../evaluation/score.ts";
import { bleu } from "./bleu.ts";
import { contains } from "./contains.ts";
import { exactMatch } from "./exact_match.ts";
import { levenshtein } from "./levenshtein.ts";
import { oneOf } from "./one_of.ts";
import { regexMatch } from "./regex_match.ts";
import { rouge } from "./rouge.ts";
import { startsWith } from "./starts_with.ts";
import { tokenF1 } from "./token_f1.ts";

/** Values agree with what others published, to 4 decimals. */
function assertPublished({ value }: Score, published: number): void {
  assertAlmostEquals(Number(value), published, 0.00005);
}

Deno.test("texts are the same but for what the options overlook", () => {
  assertEquals(exactMatch(" a", "a", { trim: true }).value, true);
  assertEquals(exactMatch("Straße", "STRASSE", { ignoreCase: true }).value, true);
  assertEquals(exactMatch("e\u0301", "é").value, false);
  assertEquals(exactMatch("e\u0301", "é", { normalize: "NFC" }).value, true);
  assertEquals(exactMatch("ﬁ ２", "fi 2", { normalize: "NFC" }).value, false);
  assertEquals(exactMatch("ﬁ ２", "fi 2", { normalize: "NFKC" }).value, true);
  assertEquals(exactMatch({ a: "A" }, { a: "a" }, { ignoreCase: true }).value, false);
  const renamed = contains("PARIS", "paris", { ignoreCase: true, name: "found" });
  assertEquals([renamed.name, renamed.value], ["found", true]);
  assertEquals(startsWith("Paris", "ris").value, false);
  assertEquals(startsWith("Paris", "").value, true);
  assertEquals([oneOf("a", []).value, oneOf({ a: 1 }, [2, { a: 1 }]).value], [false, true]);
});

Deno.test("regexMatch() says what matched, and forgets where a global pattern was", () => {
  const digits = /\d+/g;
  for (let n = 0; n < 3; n++) assertEquals(regexMatch("a 12", digits).metadata.match, "12");
  assertEquals(regexMatch("none", digits).metadata, { actual: "none", pattern: "/\\d+/g" });
  assertEquals(regexMatch("", "^$").value, true);
  assertStringIncludes(String(regexMatch("a", "(").error), "Invalid regular expression");
});

Deno.test("levenshtein() agrees with RapidFuzz's documentation", () => {
  // rapidfuzz.distance.Levenshtein.distance and normalized_similarity.
  const made = levenshtein("lewenstein", "levenshtein");
  assertEquals(made.metadata.distance, 2);
  assertPublished(made, 0.81818181818181);
  assertEquals(levenshtein("", "").value, 1);
  assertEquals(levenshtein("", "ab").value, 0);
  assertEquals(levenshtein("👍🏽", "👍").value, 0.5);
  assertEquals(levenshtein("A", "a", { ignoreCase: true }).value, 1);
});

Deno.test("tokenF1() agrees with the metric card of SQuAD in Hugging Face's evaluate", () => {
  // metrics/squad/README.md, "Partial match": f1 is 66.66666666666667 over these three.
  const scores = [
    tokenF1("1976", ["1976"]),
    tokenF1("Beyonce", ["Beyoncé and Bruno Mars"]),
    tokenF1("climate change", ["climate change"]),
  ];
  assertEquals(scores.reduce((sum, { value }) => sum + Number(value), 0) / 3, 2 / 3);
  // "Minimal values": 0.0.
  assertEquals(tokenF1("1999", "1976").value, 0);
});

Deno.test("tokenF1() agrees with the handout of Stanford's CS 224N", () => {
  // "Default Final Project: Question Answering on SQuAD 2.0" (2020), section 1.1: the answer "Einstein" for "Albert
  // Einstein" has 100% precision, 50% recall and an F1 of 66.67%.
  const made = tokenF1("Einstein", "Albert Einstein");
  assertPublished(made, 0.6667);
  assertEquals([made.metadata.precision, made.metadata.recall], [1, 0.5]);
});

Deno.test("tokenF1() counts repeated words once each, and takes the best of several texts", () => {
  assertEquals(tokenF1("the the a", "an").value, 1);
  assertEquals(tokenF1("", "word").value, 0);
  assertEquals(tokenF1("no no no", "no no").value, 0.8);
  assertEquals(tokenF1("U.S.A.", ["America", "usa"]).value, 1);
  assertEquals(tokenF1("a b", "b", { tokenize: (text) => text.split(" ") }).value, 2 / 3);
  assertStringIncludes(String(tokenF1("a", []).error), "needs an expected text");
});

/** Lines of `testdata/prediction.txt` and `testdata/target.txt` of google-research's `rouge`. */
const PREDICTIONS = [
  "rFDJCRtion Ht-LM EKtDXkME,yz'RBr q'wer wrojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxi",
  "n cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMer pstion sbKao Q m qier LMmed HqqLFXe,XPY,J " +
  "XsurkMeo ,ed nB'wH'bWVHjWFEer tQ.saefZwJtKrTlixYpMMNJtion UCAPwNHeYVjD",
] as const;
const TARGETS = [
  "ZfbCUIUuePaiLVUlCaUXxkpu XPeWing tUHfPMuZ',-Xd Y BrUgVJing M-HV.-DgdDaY.rFDJCRing Ht-LM " +
  "EKBDXkME,yz'RBr q'wtion wIojNbN wL,b .a-'XdQggyFl jB-RPP'iyOIcUxer tKM L",
  "KsJdPByEtAor fE-Qg Dpdbring cw-WeFyu vC MoBL Xdn g wkvcEiGvKtion BDFhrpMtion psing sbKao Q m " +
  "qiing LMmer HqqLFXe,XPY,J XsurkMer ,ed nB'wH'bWVHjWFEing tQ.saefZwJtKrTlixYpMMsJing UCAPwNHeYVjDing " +
  "c T BUySKtion gMPfJpwGw p'NvxAoping eu pBwMBKV'I DNxqelhu,PHPxDEq,mtion SN",
] as const;

Deno.test("rouge() agrees with ROUGE-1.5.5, as google-research's rouge_scorer_test.py quotes it", () => {
  const published = [
    [0, "rouge1", 0.40741, 0.68750, 0.51163],
    [1, "rouge1", 0.40476, 0.65385, 0.50000],
    [0, "rouge2", 0.30769, 0.53333, 0.39024],
    [1, "rouge2", 0.29268, 0.48000, 0.36364],
    [0, "rougeL", 0.40741, 0.68750, 0.51163],
    [1, "rougeL", 0.40476, 0.65385, 0.50000],
  ] as const;
  for (const [line, variant, recall, precision, f1] of published) {
    const [actual, expected] = [PREDICTIONS[line], TARGETS[line]];
    assertPublished(rouge(actual, expected, { variant, measure: "recall" }), recall);
    assertPublished(rouge(actual, expected, { variant, measure: "precision" }), precision);
    assertPublished(rouge(actual, expected, { variant }), f1);
  }
});

Deno.test("rouge() agrees with the examples of Lin (2004), sections 3.1 and 3.2", () => {
  const reference = "police killed the gunman";
  assertPublished(rouge("police kill the gunman", reference), 3 / 4);
  assertPublished(rouge("the gunman kill police", reference), 2 / 4);
  // Both have one common bigram, "the gunman": ROUGE-2 cannot tell them apart.
  for (const actual of ["police kill the gunman", "the gunman kill police"]) {
    assertPublished(rouge(actual, reference, { variant: "rouge2", measure: "recall" }), 1 / 3);
  }
  const lines = "w1 w2 w6 w7 w8\nw1 w3 w8 w9 w5";
  const summary = { variant: "rougeLsum", measure: "recall" } as const;
  assertPublished(rouge(lines, "w1 w2 w3 w4 w5", summary), 4 / 5);
});

Deno.test("rouge() agrees with the documentation of TorchMetrics", () => {
  const [actual, expected] = ["My name is John", "Is your name John"];
  assertPublished(rouge(actual, expected, { variant: "rouge1" }), 0.75);
  assertPublished(rouge(actual, expected, { variant: "rouge2" }), 0);
  assertPublished(rouge(actual, expected, { variant: "rougeL" }), 0.5);
  assertPublished(rouge(actual, expected, { variant: "rougeLsum" }), 0.5);
});

Deno.test("rouge() takes other alphabets, the best of several texts, and texts without words", () => {
  assertEquals(rouge("Дождь идёт", "дождь ИДЁТ").value, 1);
  assertEquals(rouge("a b", ["x", "a b c"], { measure: "precision" }).value, 1);
  const lines = { variant: "rougeLsum" } as const;
  assertEquals(rouge("w1", "w1\nw1", { ...lines, measure: "precision" }).value, 1);
  assertEquals(rouge("w1", "w1\nw1", { ...lines, measure: "recall" }).value, 0.5);
  assertEquals([rouge("", "a").value, rouge("/", "/").value], [0, 0]);
  const wrong = rouge("a", "a", { variant: "rouge0" as "rouge1" });
  assertStringIncludes(String(wrong.error), 'no variant "rouge0"');
});

Deno.test("bleu() agrees with SacreBLEU's test_sentence_bleu.py", () => {
  const actual = "Producția de zahăr primă va fi exprimată în ceea ce privește zahărul alb;";
  const expected = "producţia de zahăr brut se exprimă în zahăr alb;";
  const characters = (text: string) => [...text.replaceAll(" ", "")];
  assertPublished(bleu(actual, expected), 0.08493);
  assertPublished(bleu(actual, expected, { smoothing: "none" }), 0);
  assertPublished(bleu(actual, expected, { smoothing: "floor" }), 0.0451688);
  assertPublished(bleu(actual, expected, { smoothing: "add-k" }), 0.14882);
  assertPublished(bleu(actual, expected, { tokenize: "blanks" }), 0.07347);
  assertPublished(bleu(actual, expected, { tokenize: characters }), 0.408759);
  assertEquals(bleu("this is a cat", "okay thanks").value, 0);
  // test_bleu.py, test_case_effective_order: the brevity penalty alone.
  assertPublished(bleu("test", "a test"), 0.3678794411714425);
  assertPublished(bleu("a test", "a test"), 1);
});

Deno.test("bleu() agrees with the documentation of NLTK and of TorchMetrics", () => {
  // nltk.translate.bleu_score.sentence_bleu: 0.5045…, with the sentences of Papineni et al. (2002).
  const references = [
    "It is a guide to action that ensures that the military will forever heed Party commands",
    "It is the guiding principle which guarantees the military forces always being under the command of the Party",
    "It is the practical guide for the army always to heed the directions of the party",
  ];
  const hypothesis =
    "It is a guide to action which ensures that the military always obeys the commands of the party";
  assertMatch(String(bleu(hypothesis, references, { smoothing: "none" }).value), /^0\.5045/);
  // torchmetrics.text.BLEUScore and SacreBLEUScore: 0.7598.
  const cats = ["there is a cat on the mat", "a cat is on the mat"];
  assertPublished(bleu("the cat is on the mat", cats), 0.7598);
});

Deno.test("bleu() has the modified precisions of Papineni et al. (2002), section 2.1", () => {
  const precisions = (actual: string, expected: readonly string[], maxOrder: number) =>
    bleu(actual, expected, { maxOrder, smoothing: "none" }).metadata.precisions;
  const references = ["The cat is on the mat", "There is a cat on the mat"]
    .map((text) => text.toLowerCase());
  assertEquals(precisions("the the the the the the the", references, 1), [2 / 7]);
  assertEquals(precisions("the the the the the the the", references, 2), [2 / 7, 0]);
  assertEquals(bleu("", "a").value, 0);
});
