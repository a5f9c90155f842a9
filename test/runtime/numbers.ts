import type { MetricName, Metrics } from '../../functions/runtime/metrics.ts';

/** Metrics as a test looks at them. */
export interface Numbers extends Metrics {
  /** What was measured under a name: by the values of its dimensions, joined by a space; without `tenant`. */
  of(name: MetricName): Record<string, number>;
}

export function openNumbers(): Numbers {
  const measured = new Map<MetricName, Record<string, number>>();
  const under = (name: MetricName, { tenant: _, ...dimensions }: Record<string, string>) => {
    const values = measured.get(name) ?? {};
    measured.set(name, values);
    return { values, key: Object.values(dimensions).join(' ') };
  };
  return {
    count: (name, dimensions, by = 1) => {
      const { values, key } = under(name, dimensions);
      values[key] = (values[key] ?? 0) + by;
    },
    gauge: (name, dimensions, value) => {
      const { values, key } = under(name, dimensions);
      values[key] = value;
    },
    time: (name, dimensions, value) => {
      const { values, key } = under(name, dimensions);
      values[key] = value;
    },
    of: (name) => measured.get(name) ?? {},
  };
}
