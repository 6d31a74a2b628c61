/** Names of metrics of which less is better. */
const LOWER =
  /loss|error|rmse|mse|mae|mape|perplexity|latency|seconds|duration/i;

/** Tell by its name whether less of a metric is better. */
export function isLowerBetter(metric: string): boolean {
  return LOWER.test(metric);
}
