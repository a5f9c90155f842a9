import { Duration } from 'aws-cdk-lib';
import { type IMetric, MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { METRICS, type MetricName } from '../../functions/runtime/metrics.ts';

const PERIOD = Duration.minutes(5);

/** The metrics of one stage as alarms and dashboard read them: the product's own, and those of AWS. */
export class Measure {
  readonly #namespace: string;

  /** @param namespace the one under which the functions write */
  constructor(namespace: string) {
    this.#namespace = namespace;
  }

  /** All tenants together: the sum of what is counted, the worst of what stands. */
  all(name: MetricName): IMetric {
    return new Metric({
      namespace: this.#namespace,
      metricName: name,
      statistic: statisticOf(name),
      period: PERIOD,
      label: name,
    });
  }

  /** What so many of 100 stay under, over all tenants, of a metric of times. */
  percentile(name: MetricName, percentile: 'p50' | 'p99'): IMetric {
    return new Metric({
      namespace: this.#namespace,
      metricName: name,
      statistic: percentile,
      period: PERIOD,
      label: `${name} ${percentile}`,
    });
  }

  /**
   * A line for each tenant, summed over kinds and reasons: an alarm on it rings for each tenant by itself, so that one which
   * has rung for days hides no other.
   *
   * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create_Metrics_Insights_Alarm.html
   */
  byTenant(name: MetricName): IMetric {
    const aggregate = METRICS[name].kind === 'count' ? 'SUM' : 'MAX';
    const schema = [`"${this.#namespace}"`, ...METRICS[name].dimensions].join(', ');
    return new MathExpression({
      expression: `SELECT ${aggregate}(${name}) FROM SCHEMA(${schema}) GROUP BY tenant`,
      label: name,
      period: PERIOD,
    });
  }

  /** `metric` where `condition` says so, over metrics by the names that the condition has, else 0. */
  where(metric: IMetric, condition: string, usingMetrics: Readonly<Record<string, IMetric>>): IMetric {
    return new MathExpression({
      expression: `IF(${condition}, value, 0)`,
      usingMetrics: { value: metric, ...usingMetrics },
      label: 'value',
      period: PERIOD,
    });
  }

  /** A line for each combination of its dimensions, whichever there are. */
  each(name: MetricName): IMetric {
    // Names of other than letters and digits stand in quotes: the namespace of a named stage has a hyphen.
    const namespace = /^[A-Za-z0-9]+$/.test(this.#namespace) ? this.#namespace : `"${this.#namespace}"`;
    const schema = [namespace, ...METRICS[name].dimensions].join(',');
    return new MathExpression({
      expression: `SEARCH('{${schema}} MetricName="${name}"', '${statisticOf(name)}', ${PERIOD.toSeconds()})`,
      label: '',
      period: PERIOD,
    });
  }

  /** One of AWS's own metrics. */
  aws(
    namespace: string,
    metricName: string,
    dimensionsMap: Readonly<Record<string, string>>,
    statistic: string = Stats.SUM,
  ): IMetric {
    return new Metric({
      namespace,
      metricName,
      dimensionsMap,
      statistic,
      period: PERIOD,
    });
  }

  /** Several metrics added up. */
  sum(label: string, metrics: readonly IMetric[]): IMetric {
    const usingMetrics = Object.fromEntries(metrics.map((metric, index) => [`m${index}`, metric]));
    // A metric of AWS that has had nothing to say is nothing, and the others count all the same.
    const terms = Object.keys(usingMetrics).map((id) => `FILL(${id}, 0)`);
    return new MathExpression({ expression: terms.join(' + '), usingMetrics, label, period: PERIOD });
  }
}

function statisticOf(name: MetricName): string {
  const { kind } = METRICS[name];
  if (kind === 'time') return Stats.p(99);
  return kind === 'count' ? Stats.SUM : Stats.MAXIMUM;
}
