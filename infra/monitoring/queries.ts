import { Fn } from 'aws-cdk-lib';
import { CfnQueryDefinition } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

const SHOWN = 'fields @timestamp, level, message, tenant, reason, correlationId';

/** What the runbooks look for in the logs, by the names under which CloudWatch Logs Insights lists it. */
const QUERIES: Readonly<Record<string, readonly string[]>> = {
  'What goes wrong': [SHOWN, 'filter level in ["WARN", "ERROR"]', 'sort @timestamp desc'],
  'One request': [SHOWN, 'filter correlationId = "PUT THE ID HERE"', 'sort @timestamp asc'],
  'One tenant': [SHOWN, 'filter tenant = "PUT THE NAME HERE"', 'sort @timestamp desc'],
  'Reasons by tenant': [
    'filter level in ["WARN", "ERROR"]',
    'stats count(*) as lines by tenant, message, reason',
    'sort lines desc',
  ],
  'Slowest invocations': [
    'filter type = "platform.report"',
    'fields @timestamp, @log, record.requestId, record.metrics.durationMs, record.metrics.initDurationMs',
    'sort record.metrics.durationMs desc',
    'limit 50',
  ],
};

/** Saved queries over the logs of all functions; they cost nothing until they are run. */
export class Queries extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { logGroupNames }: { readonly logGroupNames: readonly string[] },
  ) {
    super(scope, id);
    for (const [name, lines] of Object.entries(QUERIES)) {
      new CfnQueryDefinition(this, name.replaceAll(' ', ''), {
        // A folder in the list.
        name: Fn.join('/', [Fn.ref('AWS::StackName'), name]),
        logGroupNames: [...logGroupNames],
        queryString: lines.join('\n| '),
      });
    }
  }
}
