/**
 * How the limit of one endpoint moves: steps up and down, and back from refusals.
 *
 * @module
 */
import { Measure, type Measured } from "./measure.ts";
import type { ConcurrencyLimit, EndedCall, ReportedLoad } from "./strategy.ts";

/** Between what the limit moves, and how. */
export interface AdaptiveBounds {
  /** Where it starts. */
  readonly initial: number;
  readonly min: number;
  readonly max: number;
  /** What is left of it after a refusal, above 0 and below 1. */
  readonly backoff: number;
}

/** A step up, and how long its effect is measured: the smaller it is, the longer. */
interface Step {
  readonly factor: number;
  /** So many times the calls that are under way at once. */
  readonly generations: number;
  /** At least so many calls. */
  readonly least: number;
}

const SMALL: Step = { factor: 1.2, generations: 4, least: 100 };
const STEPS: readonly Step[] = [
  { factor: 2, generations: 1, least: 16 },
  { factor: 1.4, generations: 2, least: 60 },
  SMALL,
];
const SMALLEST = STEPS.length - 1;

/** How much of a step must come back as throughput, for the step to be kept. */
const WORTH = 0.25;

/** A step back is kept where it costs less throughput than this. */
const CHEAP = 0.01;

/** Latency is the endpoint's queue, not its work, where it is so much above the lowest. */
const CROWDED = Math.log(1.4);

/** A latency of so many answers can be the lowest. */
const KNOWN = 60;

/** The error of a measured latency is to be at most so much of the step that it decides on. */
const ERROR = 0.2;
const MOST_CALLS = 3000;

/** Nothing is tried for so many generations of calls, and for so many calls. */
const CALM = { generations: 10, calls: 100 };

/** The same where calls were refused. */
const LONG_CALM = { generations: 20, calls: 300 };

/** The calm doubles up to so many times while the same limit is refused again and again. */
const MOST_DOUBLINGS = 2;

/** Beside a limit that was refused, only so much more is tried. */
const CAREFUL = 1.03;

/** What the answers that are being counted decide. */
type Stage =
  /** A first look at the limit from which steps are made. */
  | "base"
  /** Whether a step up is kept. */
  | "up"
  /** Whether a step down is kept. */
  | "down"
  /** Whether calls go through again after a refusal. */
  | "recovery"
  /** Whether a limit that was refused before is refused still. */
  | "careful"
  /** Nothing, for a while. */
  | "calm";

/** Where a step began, and how long answers took there. */
interface From {
  readonly limit: number;
  readonly latency: number;
  readonly answers: number;
}

/**
 * Throughput is the limit over the latency (Little's law), so what a step does to latency shows
 * what it did to throughput, and needs fewer answers to be seen than throughput itself.
 */
export class AdaptiveLimit implements ConcurrencyLimit {
  current: number;

  readonly #bounds: AdaptiveBounds;
  #stage: Stage = "base";
  #measure: Measure;
  #from: From;
  #step = 0;
  #lowestLatency = Infinity;
  /** The standard deviation of the latencies' logarithms. */
  #deviation = 0.5;
  /** Calls were refused with so many under way. */
  #ceiling = Infinity;
  #refusals = 0;
  /** Calls that began before this belong to a refusal that was acted on. */
  #droppedAt = -Infinity;
  #isQueueing = false;
  #turn = 0;

  constructor(bounds: AdaptiveBounds) {
    this.#bounds = bounds;
    this.current = bounds.initial;
    this.#from = { limit: bounds.initial, latency: 0, answers: 0 };
    this.#measure = this.#measuring(0);
  }

  ended(call: EndedCall): void {
    if (call.outcome === "refused") return this.#refused(call);
    if (call.outcome !== "answered") return;
    const measured = this.#measure.add(call, this.current);
    if (!measured) return;
    // Where something else holds calls back, nothing is learned about the limit.
    if (measured.isFull || this.#stage === "recovery") this.#decide(measured);
    else this.#measure = this.#measuring(this.#step, 0);
  }

  loaded({ running, waiting }: ReportedLoad): void {
    this.#isQueueing = waiting > running / 10;
    // Half of those that wait there may as well wait here.
    if (waiting > running / 4) this.#moveTo(this.current - (waiting >> 1), "calm");
  }

  #decide(measured: Measured): void {
    this.#deviation += (measured.deviation - this.#deviation) / 2;
    if (measured.answers >= KNOWN) {
      this.#lowestLatency = Math.min(this.#lowestLatency, measured.latency);
    }
    switch (this.#stage) {
      case "base":
        return this.#stepUp(measured);
      case "up":
        return this.#isWorth(measured) ? this.#stepUp(this.#pooled(measured)) : this.#stepBack();
      case "down":
        return this.#moveTo(this.#isCheap(measured) ? this.current : this.#from.limit, "calm");
      case "recovery":
        return this.#moveTo(Math.max(this.current, this.#ceiling - 1), "calm");
      case "careful":
        // What was refused goes through now: all is open again.
        this.#ceiling = Infinity;
        this.#refusals = 0;
        this.#step = SMALLEST;
        return this.#stepUp(measured);
      case "calm":
        return this.#probe(measured);
    }
  }

  /** Tries a step up from here, as large as the last one was. */
  #stepUp({ latency, answers }: Pick<Measured, "latency" | "answers">): void {
    this.#from = { limit: this.current, latency, answers };
    const next = this.#raised((STEPS[this.#step] ?? SMALL).factor);
    if (next === this.current || next >= this.#ceiling || this.#isQueueing) return this.#rest();
    this.#moveTo(next, "up");
  }

  /** Throughput since the step, over that before it. */
  #gain({ latency }: Measured): number {
    return this.current / this.#from.limit * Math.exp(this.#from.latency - latency);
  }

  #isWorth(measured: Measured): boolean {
    const { limit, answers } = this.#from;
    // The first steps are large, and few answers decide on them: doubt speaks for them.
    const error = this.#step === SMALLEST
      ? 0
      : this.#deviation * Math.sqrt(1 / answers + 1 / measured.answers);
    return this.#gain(measured) * (1 + error) >= 1 + WORTH * (this.current / limit - 1);
  }

  #isCheap(measured: Measured): boolean {
    return this.#gain(measured) >= 1 - CHEAP;
  }

  /** While steps are kept, latency hardly changes: those before tell of it too. */
  #pooled({ latency, answers }: Measured): Pick<Measured, "latency" | "answers"> {
    const before = Math.min(this.#from.answers, answers / 2);
    const all = before + answers;
    return { latency: (this.#from.latency * before + latency * answers) / all, answers: all };
  }

  /** The step brought too little: a smaller one is tried, after the smallest none. */
  #stepBack(): void {
    this.current = this.#from.limit;
    if (this.#step === SMALLEST) return this.#rest();
    this.#step++;
    this.#stepUp(this.#from);
  }

  /** Looks whether there is more room now, or as much done with less. */
  #probe(measured: Measured): void {
    const { latency, answers } = measured;
    this.#from = { limit: this.current, latency, answers };
    const isCrowded = latency > this.#lowestLatency + CROWDED;
    // By turns, so that a way up is found although latency is high.
    if (isCrowded && this.#turn++ % 2 === 1) {
      return this.#moveTo(Math.floor(this.current / SMALL.factor), "down");
    }
    if (this.#isQueueing) return this.#rest();
    const careful = this.#raised(CAREFUL);
    if (careful >= this.#ceiling) return this.#moveTo(careful, "careful");
    this.#step = SMALLEST;
    this.#stepUp(measured);
  }

  #raised(factor: number): number {
    return Math.min(
      this.#bounds.max,
      Math.max(this.current + 1, Math.floor(this.current * factor)),
    );
  }

  #rest(): void {
    this.#moveTo(this.current, "calm");
  }

  #moveTo(limit: number, stage: Stage): void {
    this.current = Math.min(this.#bounds.max, Math.max(this.#bounds.min, limit));
    this.#stage = stage;
    this.#measure = this.#measuring(stage === "up" ? this.#step : SMALLEST);
  }

  #measuring(step: number, settling = this.current): Measure {
    const { factor, generations, least } = STEPS[step] ?? SMALL;
    switch (this.#stage) {
      case "recovery":
        return new Measure({ settling, wanted: 1 });
      case "calm": {
        const calm = this.#ceiling < Infinity ? LONG_CALM : CALM;
        const calls = Math.max(calm.calls, calm.generations * this.current);
        const wanted = calls * 2 ** Math.min(MOST_DOUBLINGS, this.#refusals);
        return new Measure({ settling, wanted });
      }
      default:
        return new Measure({
          settling,
          wanted: Math.max(least, generations * this.current, this.#enoughFor(factor)),
        });
    }
  }

  /** Calls whose mean is known so well that a step's effect stands out of its error. */
  #enoughFor(factor: number): number {
    return Math.min(MOST_CALLS, (this.#deviation / (ERROR * (factor - 1))) ** 2);
  }

  #refused(call: EndedCall): void {
    const underWay = Math.min(this.current, call.inFlight + 1);
    const isSame = call.startedAt <= this.#droppedAt;
    if (isSame) {
      // Others of the same time: the last of them shows how many were too many.
      this.#ceiling = Math.max(this.current, Math.min(this.#ceiling, call.inFlight + 1));
      return;
    }
    if (this.#stage === "careful") this.#refusals++;
    this.#ceiling = underWay;
    this.#droppedAt = call.endedAt;
    this.#step = SMALLEST;
    this.#moveTo(Math.floor(underWay * this.#bounds.backoff), "recovery");
  }
}
