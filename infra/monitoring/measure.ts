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
  return METRICS[name].kind === 'count' ? Stats.SUM : Stats.MAXIMUM;
}
