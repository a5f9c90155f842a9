import { readFileSync } from 'node:fs';
import {
  BatchWriteItemCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  ScanCommand,
  UpdateTableCommand,
  type UpdateTableCommandInput,
  UpdateTimeToLiveCommand,
  type UpdateTimeToLiveCommandInput,
} from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDirectory } from '../../functions/directory/directory.ts';
import { TTL_ATTRIBUTE } from '../../functions/directory/dynamodb/definition.ts';
import { dynamoDbTable } from '../../functions/directory/dynamodb/table.ts';
import { accept } from '../../functions/provision/accept.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { openServices } from '../../functions/provision/services.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { systemClock } from '../../functions/runtime/clock.ts';
import { openDynamoDbLocal } from '../contract/database.ts';
import { type DynamoDbLocal, hasJava } from '../contract/dynamodb-local.ts';
import { resourceOf, SHIPPED, synthesise } from '../infra/synthesis.ts';
import { centreOn, person, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run } from './program.ts';

const BEFORE = 'agent-provisioner-before';
const RESTORED = 'agent-provisioner-restored';
const PAGE = readFileSync('docs/runbooks/backup-and-restore.md', 'utf8');

/** A value as the AWS CLI reads it: JSON, or its own shorthand (`A=1,B=true`). */
function cliValue(text: string): unknown {
  if (/^[[{]/.test(text)) return JSON.parse(text);
  if (!text.includes('=')) return text;
  const plain = (value: string) => (/^\d+$/.test(value) ? Number(value) : value === 'true' ? true : value);
  return Object.fromEntries(
    text.split(',').map((pair) => {
      const [key = '', value = ''] = pair.split('=');
      return [key, plain(value)];
    }),
  );
}

/** The input of a request that the runbook makes with the AWS CLI. */
function inputsOf(operation: string): object[] {
  const lines = PAGE.split('\n').filter((line) => line.includes(`aws dynamodb ${operation} `));
  return lines.map((line) => {
    const words = [...line.matchAll(/--([a-z-]+)(?: (?:'([^']*)'|(?!--)(\S+)))?/g)];
    return Object.fromEntries(
      words.map(([, option = '', quoted, bare]) => {
        const key = option.replaceAll(/(?:^|-)(\w)/g, (_, first: string) => first.toUpperCase());
        const value = quoted ?? bare;
        return [key, value === undefined ? true : cliValue(value)];
      }),
    );
  });
}

describe.skipIf(!hasJava())('a restore as the runbook has it', { timeout: 2 * PATIENCE_MS }, () => {
  let prepared: Awaited<ReturnType<typeof prepareCentre>>;
  let local: DynamoDbLocal;
  beforeAll(async () => {
    prepared = await prepareCentre();
    local = await openDynamoDbLocal();
    await local.createTable(BEFORE);
    await local.createTable(RESTORED);
  }, PATIENCE_MS);
  afterAll(async () => {
    prepared?.remove();
    await local?.stop();
  });

  const tableNamed = (tableName: string) =>
    dynamoDbTable({ client: local.client, tableName, random: Math.random, sleep: systemClock.sleep });
  const command = (table: string, ...argv: string[]) =>
    run(['--table', table, '--tenant', 'demo', ...argv], {
      environment: {
        AWS_ENDPOINT_URL_DYNAMODB: local.endpoint,
        // It is no STS, and says so.
        AWS_ENDPOINT_URL_STS: local.endpoint,
        AWS_REGION: 'eu-west-1',
        AWS_ACCESS_KEY_ID: 'local',
        AWS_SECRET_ACCESS_KEY: 'local',
      },
    });

  /** What `restore-table-to-point-in-time` makes: all items and the index, and none of the table's settings. */
  async function restore(): Promise<void> {
    const { Items = [], LastEvaluatedKey } = await local.client.send(new ScanCommand({ TableName: BEFORE }));
    expect(LastEvaluatedKey).toBeUndefined();
    for (let from = 0; from < Items.length; from += 25) {
      const puts = Items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item } }));
      await local.client.send(new BatchWriteItemCommand({ RequestItems: { [RESTORED]: puts } }));
    }
  }

  it('goes on where the moment was, with the generation and the agents of then, and makes none twice', async () => {
    const centre = centreOn(tableNamed(BEFORE));
    for (const name of ['ada', 'bob']) await centre.arrive(person(name, 'Billing'));
    await centre.notice();
    expect(await command(BEFORE, 'push', '--by', 'anna')).toMatchObject({ code: 0 });
    await restore();
    // The damage: what happens behind the moment that was restored.
    await centre.arrive(person('late', 'Sales'));
    await centre.arrive(person('bob', 'Billing', { active: false }));

    const planned = await command(RESTORED, 'plan');
    expect(planned.stderr).toBe('');
    expect(planned.stdout).toMatch(/2 persons, 0 calls/);
    expect((await command(RESTORED, 'generations')).stdout).toMatch(/1 active +\S+ +anna/);

    const directory = openDirectory(tableNamed(RESTORED), systemClock);
    const services = openServices({ ...centre.services, directory, ring: async () => {} });
    const provisioning = openTenant('demo', centre.provisioning.tenant, services);
    // The identity provider sends everybody again.
    for (const each of [
      person('ada', 'Billing'),
      person('bob', 'Billing', { active: false }),
      person('late', 'Sales'),
    ]) {
      const [before] = await directory.findPerson('demo', { attribute: 'userName', value: each.userName });
      await accept('demo', services, {
        person: each,
        source: 'scim',
        priority: 1,
        ...(before === undefined ? {} : { before }),
      });
    }
    await drain(provisioning, services, systemClock.now() + 60_000);
    const { persons } = await directory.listPersons('demo', { limit: 9 });
    const states = Object.fromEntries(persons.map(({ person: { userName }, state }) => [userName, state]));
    expect(states).toMatchObject({ 'ada@example.com': 'provisioned', 'bob@example.com': 'suspended' });
    expect(
      centre.simulator
        .agents()
        .map(({ emailId }) => emailId)
        .toSorted(),
    ).toEqual(['ada@example.com', 'bob@example.com', 'late@example.com']);
  });

  it('gives the table back what a restore leaves out, by requests that DynamoDB takes', async () => {
    const { client } = local;
    const [ttl] = inputsOf('update-time-to-live');
    await client.send(new UpdateTimeToLiveCommand(ttl as UpdateTimeToLiveCommandInput));
    const described = await client.send(new DescribeTimeToLiveCommand({ TableName: RESTORED }));
    expect(described.TimeToLiveDescription).toMatchObject({ AttributeName: TTL_ATTRIBUTE });
    const updates = inputsOf('update-table');
    expect(updates).toHaveLength(2);
    for (const update of updates) {
      await client.send(new UpdateTableCommand(update as UpdateTableCommandInput));
    }
    await client.send(new DescribeTableCommand({ TableName: RESTORED }));
  });

  it('has the ceilings, the name of the index and the protection that a stack gives its own table', () => {
    const { Properties } = resourceOf(synthesise(SHIPPED).template, 'AWS::DynamoDB::GlobalTable');
    const [index] = Properties.GlobalSecondaryIndexes;
    const [replica] = Properties.Replicas;
    const [indexOfReplica] = replica.GlobalSecondaryIndexes;
    expect(Object.assign({}, ...inputsOf('update-table'))).toEqual({
      TableName: RESTORED,
      DeletionProtectionEnabled: replica.DeletionProtectionEnabled,
      OnDemandThroughput: {
        ...replica.ReadOnDemandThroughputSettings,
        ...Properties.WriteOnDemandThroughputSettings,
      },
      GlobalSecondaryIndexUpdates: [
        {
          Update: {
            IndexName: index.IndexName,
            OnDemandThroughput: {
              ...indexOfReplica.ReadOnDemandThroughputSettings,
              ...index.WriteOnDemandThroughputSettings,
            },
          },
        },
      ],
    });
    expect(inputsOf('update-continuous-backups')).toEqual([
      {
        TableName: RESTORED,
        PointInTimeRecoverySpecification: {
          PointInTimeRecoveryEnabled: replica.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled,
        },
      },
    ]);
  });

  it('stops everything that writes: no function of a stack is left out, and each can begin again', () => {
    const functions = PAGE.match(/FUNCTIONS=.*/)?.[0] ?? '';
    // All of the stack, whichever there are: schedules and sign-ups among them.
    expect(functions).toContain("ResourceType=='AWS::Lambda::Function'");
    expect(PAGE).toMatch(/for FUNCTION in \$FUNCTIONS; do aws lambda put-function-concurrency .* 0; done/);
    expect(PAGE).toMatch(/for FUNCTION in \$FUNCTIONS; do aws lambda delete-function-concurrency .*; done/);
  });
});
