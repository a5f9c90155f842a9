import type { Context } from 'aws-lambda';
import type { Clock } from '../runtime/clock.ts';
import { APART, type MetricName, type Metrics, UNITS } from '../runtime/metrics.ts';
import { cacheRejection } from './code-cache.ts';

/** Where metrics go, and how they are told from those of another stage. */
export interface EmfOptions {
  /** The namespace in CloudWatch: the name of the stack. */
  readonly namespace: string;
  readonly clock: Clock;
  /** Writes a line to standard output, past the console: Lambda would wrap it in another object. */
  readonly write: (line: string) => void;
}

export interface EmfMetrics extends Metrics {
  /** Writes what was measured since the last time; `requestId` is the invocation's, as in the log. */
  flush(requestId: string): void;
}

/** Values under one set of dimensions: one line, since a line has one value a dimension. */
interface Line {
  readonly dimensions: Readonly<Record<string, string>>;
  readonly values: Map<MetricName, number>;
  readonly times: Map<MetricName, number[]>;
}

/**
 * Metrics as CloudWatch reads them out of the log (embedded metric format): no call, no permission, no time. Each is
 * written twice, with its dimensions for the dashboard and without any for the alarms, so that an alarm costs the same
 * however many tenants there are.
 *
 * Written here and not taken from Powertools: its Metrics has one set of dimensions for all metrics of a line, so each
 * would need an instance of its own, and it is 12 KB more in bundles whose size is their starting time.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function openEmf({ namespace, clock, write }: EmfOptions): EmfMetrics {
  const lines = new Map<string, Line>();
  const lineOf = (dimensions: Readonly<Record<string, string>>) => {
    const key = JSON.stringify(Object.entries(dimensions).sort());
    const line = lines.get(key) ?? { dimensions, values: new Map(), times: new Map() };
    lines.set(key, line);
    return line;
  };
  return {
    count: (name, dimensions, by = 1) => {
      const { values } = lineOf(dimensions);
      values.set(name, (values.get(name) ?? 0) + by);
    },
    gauge: (name, dimensions, value) => void lineOf(dimensions).values.set(name, value),
    time: (name, dimensions, value) => {
      const { times } = lineOf(dimensions);
      times.set(name, [...(times.get(name) ?? []), value]);
    },
    flush: (requestId) => {
      for (const { dimensions, values, times } of lines.values()) {
        for (const part of partsOf(values, times)) {
          write(
            JSON.stringify({
              _aws: { Timestamp: clock.now(), CloudWatchMetrics: directives(namespace, dimensions, part) },
              requestId,
              ...dimensions,
              ...Object.fromEntries(part),
            }),
          );
        }
      }
      lines.clear();
    },
  };
}

type Values = ReadonlyMap<MetricName, number | readonly number[]>;

/** How many values of one metric a line may have; CloudWatch makes percentiles of them. */
const VALUES_A_LINE = 100;

/** What a line holds, and further lines for times that are more than one may have. */
function* partsOf(
  values: ReadonlyMap<MetricName, number>,
  times: ReadonlyMap<MetricName, readonly number[]>,
): Generator<Values> {
  const sliceAt = (from: number) =>
    [...times].flatMap(([name, all]): [MetricName, readonly number[]][] => {
      const slice = all.slice(from, from + VALUES_A_LINE);
      return slice.length === 0 ? [] : [[name, slice]];
    });
  let from = 0;
  let part: Values = new Map<MetricName, number | readonly number[]>([...values, ...sliceAt(from)]);
  while (part.size > 0) {
    yield part;
    from += VALUES_A_LINE;
    part = new Map(sliceAt(from));
  }
}

/** What CloudWatch makes metrics of: over all tenants as well, but for those that are written apart. */
function directives(namespace: string, dimensions: object, values: Values) {
  const keys = Object.keys(dimensions);
  const names = Map.groupBy(values.keys(), (name) => keys.length > 0 && !APART.has(name));
  return [...names].map(([isOverAll, each]) => ({
    Namespace: namespace,
    Dimensions: isOverAll ? [keys, []] : [keys],
    Metrics: each.map((name) => ({ Name: name, Unit: UNITS[name] ?? 'Count' })),
  }));
}

/**
 * A handler that writes what was measured when it is done, however it ends, and counts the cold start with the first
 * event. `kind` is the function's name among the cold starts.
 */
export function measured<Event, Answer>(
  kind: string,
  metrics: EmfMetrics,
  handler: (event: Event, context: Context) => Promise<Answer>,
): (event: Event, context: Context) => Promise<Answer> {
  metrics.count('ColdStart', { kind });
  const rejection = cacheRejection();
  if (rejection !== undefined) metrics.count('CodeCacheRejected', { reason: rejection });
  return async (event, context) => {
    try {
      return await handler(event, context);
    } finally {
      metrics.flush(context.awsRequestId);
    }
  };
}
