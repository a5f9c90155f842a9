import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { awsQuery, textOf, textsOf } from '../../functions/runtime/aws-query.ts';
import { CommandFailure } from '../failure.ts';
import { lineOf } from './log-line.ts';
import type { TailedLine } from './tailed-line.ts';

/** The most log groups of one session of Live Tail. */
const MOST_GROUPS = 10;

/**
 * The log lines of a deployed stack as they come: CloudWatch Logs Live Tail, by the AWS CLI as a child process, as its
 * answer is a stream of events that no client in this product reads.
 *
 * @throws CommandFailure where the stack or the AWS CLI isn't there
 */
export async function liveTail(
  table: string,
  tenant: string | undefined,
  signal: AbortSignal,
): Promise<AsyncGenerator<TailedLine>> {
  const groups = await logGroupsOf(table);
  const pattern =
    tenant === undefined ? [] : ['--log-event-filter-pattern', `{ $.tenant = ${JSON.stringify(tenant)} }`];
  const argv = [
    'logs',
    'start-live-tail',
    '--mode',
    'print-only',
    '--log-group-identifiers',
    ...groups,
    ...pattern,
  ];
  const child = spawn(process.env.AWS_CLI ?? 'aws', argv, { stdio: ['ignore', 'pipe', 'pipe'], signal });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said = (said + chunk).slice(-2_000);
  });
  const ended = once(child, 'close').catch((error: NodeJS.ErrnoException) => error);
  return (async function* () {
    for await (const line of createInterface({ input: child.stdout })) {
      const told = lineOf(line);
      if (told !== undefined) yield told;
    }
    const end = await ended;
    if (signal.aborted) return;
    if (end instanceof Error) {
      throw new CommandFailure(
        (end as NodeJS.ErrnoException).code === 'ENOENT'
          ? 'tail of a deployed stack needs the AWS CLI, version 2.15 or newer: https://docs.aws.amazon.com/cli/'
          : `the AWS CLI could not be started: ${end.message}`,
      );
    }
    if (end[0] !== 0)
      throw new CommandFailure(`aws logs start-live-tail ended with ${end[0]}: ${said.trim()}`);
  })();
}

/** ARNs of the functions' log groups, which are of the stack that the table is of. */
async function logGroupsOf(table: string): Promise<string[]> {
  const resources = await awsQuery('cloudformation', 'DescribeStackResources', { PhysicalResourceId: table });
  const stack = textOf(resources, 'StackName');
  // arn:aws:cloudformation:<region>:<account>:stack/…
  const [, partition, , region, account] = (textOf(resources, 'StackId') ?? '').split(':');
  if (stack === undefined || account === undefined) throw new CommandFailure(`${table} is of no stack`);
  const groups: string[] = [];
  for (let page: string | undefined, isFirst = true; isFirst || page !== undefined; isFirst = false) {
    const token: Record<string, string> = page === undefined ? {} : { NextToken: page };
    const answer = await awsQuery('cloudformation', 'ListStackResources', { StackName: stack, ...token });
    for (const member of answer.split('<member>').slice(1)) {
      const name = textOf(member, 'PhysicalResourceId');
      // The front door's own log is of requests; those are told by the functions.
      const isFunction = textOf(member, 'LogicalResourceId')?.includes('AccessLog') !== true;
      if (textOf(member, 'ResourceType') === 'AWS::Logs::LogGroup' && name !== undefined && isFunction) {
        groups.push(`arn:${partition}:logs:${region}:${account}:log-group:${name}`);
      }
    }
    page = textsOf(answer, 'NextToken')[0];
  }
  if (groups.length === 0) throw new CommandFailure(`the stack ${stack} has no log group`);
  return groups.slice(0, MOST_GROUPS);
}
