/**
 * The datasets that come with dotevals.
 *
 * @module
 */
import type { DatasetCard } from "../define_dataset.ts";
import { gsm8k } from "./gsm8k.ts";
import { humaneval } from "./humaneval.ts";
import { mmlu } from "./mmlu.ts";

/** Their cards, by name. */
export const BUILTIN_DATASETS: readonly DatasetCard[] = [gsm8k.card, humaneval.card, mmlu.card];
