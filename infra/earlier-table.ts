import {
  DescribeTableCommand,
  type DynamoDBClient,
  paginateListTables,
  ScanCommand,
} from '@aws-sdk/client-dynamodb';
import { awsQuery, QueryError, textOf } from '../functions/runtime/aws-query.ts';
import { IMPORTED_TABLE } from './outputs.ts';

/** What a deployment finds of those before it. */
export type Earlier =
  /** The stack is there, and works on its own table. */
  | { readonly outcome: 'own' }
  /** The stack is there, and works on a table that is none of its own, as after a restore. */
  | { readonly outcome: 'imported'; readonly table: string }
  /** The stack is not there; tables of an earlier one are, or none. */
  | { readonly outcome: 'left'; readonly tables: readonly LeftTable[] }
  /** The stack is not there, and tables can't be listed. */
  | { readonly outcome: 'unlisted'; readonly reason: string }
  /** It can't be said whether the stack is there. */
  | { readonly outcome: 'unknown'; readonly reason: string };

export interface LeftTable {
  readonly name: string;
  /** As DynamoDB counts it every six hours; undefined for a table with nothing in it. */
  readonly items: number | undefined;
}

/**
 * A stack whose first deployment failed has nothing; the CDK takes it away before it makes the stack anew.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/view-stack-events.html
 */
const WITHOUT_RESOURCES = [
  'REVIEW_IN_PROGRESS',
  'CREATE_FAILED',
  'ROLLBACK_COMPLETE',
  'ROLLBACK_FAILED',
  'DELETE_COMPLETE',
];

/** Looks for the stack, and where it is not there for tables that an earlier one of this name has left. */
export async function findEarlier(client: DynamoDBClient, stackName: string): Promise<Earlier> {
  let stack: string | undefined;
  try {
    stack = await describe(stackName);
  } catch (error) {
    return { outcome: 'unknown', reason: (error as Error).message };
  }
  if (stack === undefined) {
    return leftTables(client, stackName).then(
      (tables) => ({ outcome: 'left', tables }),
      (error: Error) => ({ outcome: 'unlisted', reason: error.message }),
    );
  }
  const imported = new RegExp(
    `<OutputKey>${IMPORTED_TABLE}</OutputKey>\\s{0,99}<OutputValue>([^<]{3,255})</OutputValue>`,
  ).exec(stack)?.[1];
  return imported === undefined ? { outcome: 'own' } : { outcome: 'imported', table: imported };
}

/** The description of a stack that has resources. */
async function describe(stackName: string): Promise<string | undefined> {
  try {
    const text = await awsQuery('cloudformation', 'DescribeStacks', { StackName: stackName });
    const status = textOf(text, 'StackStatus') ?? '';
    return WITHOUT_RESOURCES.includes(status) ? undefined : text;
  } catch (error) {
    if (error instanceof QueryError && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}

async function leftTables(client: DynamoDBClient, stackName: string): Promise<LeftTable[]> {
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
    names.push(...TableNames.filter((name) => name.startsWith(`${stackName}-DirectoryTable`)));
  }
  return Promise.all(
    names.map(async (name) => {
      const { Count = 0 } = await client.send(
        new ScanCommand({ TableName: name, Limit: 1, Select: 'COUNT', ConsistentRead: true }),
      );
      if (Count === 0) return { name, items: undefined };
      const { Table } = await client.send(new DescribeTableCommand({ TableName: name }));
      return { name, items: Table?.ItemCount ?? 0 };
    }),
  );
}

/** How a deployment goes on after what was found. */
export interface Choice {
  /** The table to work on; undefined where the stack has its own. */
  readonly table?: string;
  /** Lines for the operator. */
  readonly said: readonly string[];
  /** An operator has to choose first. */
  readonly isStopped: boolean;
}

const RUNBOOK = 'docs/runbooks/stack-deleted.md';
const ANEW = '--context table= begins with an empty one.';

/** Whether a table of an earlier stack is taken again: the one that has something in it, and no guess between several. */
export function chooseTable(earlier: Earlier, stackName: string): Choice {
  switch (earlier.outcome) {
    case 'own':
      return { said: [], isStopped: false };
    case 'imported':
      return {
        table: earlier.table,
        said: [`${stackName} works on the table ${earlier.table}, and goes on with it.`],
        isStopped: false,
      };
    case 'unknown':
      return {
        said: [
          `Whether ${stackName} is there already can't be seen (${earlier.reason}). Were it deleted, its table would not be taken again: see ${RUNBOOK}.`,
        ],
        isStopped: false,
      };
    case 'unlisted':
      return {
        said: [
          `${stackName} is not there, and whether an earlier one has left a table can't be seen (${earlier.reason}).`,
          `Say it: npm run deploy -- --context table=<name>. ${ANEW}`,
        ],
        isStopped: true,
      };
    case 'left':
      return ofLeft(earlier.tables, stackName);
  }
}

function ofLeft(tables: readonly LeftTable[], stackName: string): Choice {
  const full = tables.filter(({ items }) => items !== undefined);
  const empty = tables
    .filter(({ items }) => items === undefined)
    .map(
      ({ name }) =>
        `${name} has nothing in it: a first deployment that failed has left it. ${RUNBOOK} has how to delete it.`,
    );
  const [first] = full;
  if (first === undefined) return { said: empty, isStopped: false };
  if (full.length === 1) {
    const { name } = first;
    return {
      table: name,
      said: [
        ...empty,
        `${stackName} is not there, but its table ${name} is, and is taken again. The address will be another one: see ${RUNBOOK}. ${ANEW}`,
      ],
      isStopped: false,
    };
  }
  const listed = full.map(({ name, items = 0 }) => `  ${name}, about ${items} items`);
  return {
    said: [
      ...empty,
      `${stackName} is not there, but ${full.length} tables of earlier ones are:`,
      ...listed,
      `Say which one: npm run deploy -- --context table=<name>. ${ANEW}`,
    ],
    isStopped: true,
  };
}
