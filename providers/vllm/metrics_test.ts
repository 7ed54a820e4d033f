import { assertEquals } from "@std/assert";
import { loadOf } from "./metrics.ts";

function page(...samples: readonly string[]): string {
  return ["# HELP vllm:num_requests_running Number of requests.", ...samples, ""].join("\n");
}

Deno.test("loadOf() adds engines up and takes the fullest cache", () => {
  const metrics = page(
    'vllm:num_requests_running{engine="0",model_name="a {b}"} 3.0',
    'vllm:num_requests_running{engine="1",model_name="a {b}"} 4.0',
    'vllm:num_requests_waiting{engine="0",model_name="a {b}"} 0.0',
    'vllm:num_requests_waiting{engine="1",model_name="a {b}"} 12.0',
    'vllm:kv_cache_usage_perc{engine="0",model_name="a {b}"} 0.25',
    'vllm:kv_cache_usage_perc{engine="1",model_name="a {b}"} 7.5e-01',
    'vllm:gpu_cache_usage_perc{engine="0",model_name="a {b}"} 0.9',
  );
  assertEquals(loadOf(metrics), { running: 7, waiting: 12, cacheUse: 0.75 });
});

Deno.test("loadOf() knows the cache's old name, and does without it", () => {
  const requests = [
    'vllm:num_requests_running{model_name="m"} 1.0',
    'vllm:num_requests_waiting{model_name="m"} 2.0',
  ];
  const old = page(...requests, 'vllm:gpu_cache_usage_perc{model_name="m"} 0.5');
  assertEquals(loadOf(old), { running: 1, waiting: 2, cacheUse: 0.5 });
  assertEquals(loadOf(page(...requests)), { running: 1, waiting: 2 });
});

Deno.test("loadOf() makes nothing of a page that is not vLLM's", () => {
  assertEquals(loadOf("process_cpu_seconds_total 1.5\n"), undefined);
  assertEquals(loadOf("<html>"), undefined);
});
