/**
 * List prices of AWS in us-east-1 in US dollars, as of November 2026, without free tiers and discounts. Each stands as the
 * price lists have it; nothing else in the repository knows a price.
 */
export const REGION = 'us-east-1';
export const AS_OF = 'November 2026';

export const PRICES = {
  /** HTTP API, a million requests of up to 512 KB. */
  apiRequests: 1.0,
  /** Lambda on arm64: a million invocations, and a GB-second. */
  invocations: 0.2,
  gigabyteSecond: 0.0000133334,
  /** SQS FIFO, a million requests. */
  queueRequests: 0.5,
  /** DynamoDB on demand: a million write and read request units; a GB and month, and of backup to any second. */
  writeUnits: 0.625,
  readUnits: 0.125,
  storage: 0.25,
  backup: 0.2,
  /** EventBridge Scheduler, a million invocations. */
  schedules: 1.0,
  /** Secrets Manager: a secret and month, 10,000 calls. */
  secret: 0.4,
  secretCalls: 0.05,
  /** CloudWatch: a metric, a metric of an alarm and a dashboard a month; a GB of logs taken in. */
  metric: 0.3,
  alarm: 0.1,
  dashboard: 3.0,
  logs: 0.5,
} as const;
