/**
 * What vLLM says of its load, in Prometheus' text format.
 *
 * @module
 */
import type { EndpointLoad } from "../../src/providers/provider.ts";

const SAMPLE = /^(vllm:\w+)(?:\{.*\})? (\S+)/gm;

/** vLLM 0.9 gave the cache's use its second name. */
const CACHE_USE = ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"];

/**
 * The load that a page of metrics tells of: requests over all engines added up, and the use of
 * the fullest cache.
 *
 * @returns nothing where the page is not vLLM's
 */
export function loadOf(metrics: string): EndpointLoad | undefined {
  const samples = Map.groupBy(metrics.matchAll(SAMPLE), ([, name = ""]) => name);
  const values = (name: string) => samples.get(name)?.map(([, , value]) => Number(value));
  const running = values("vllm:num_requests_running");
  const waiting = values("vllm:num_requests_waiting");
  if (!running || !waiting) return undefined;
  const cache = CACHE_USE.map(values).find((found) => found !== undefined);
  return {
    running: sum(running),
    waiting: sum(waiting),
    ...cache && { cacheUse: Math.max(...cache) },
  };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
