import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  type CfnGlobalTable,
  type ITableV2,
  ProjectionType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { DUE_INDEX, TTL_ATTRIBUTE } from '../functions/directory/dynamodb/definition.ts';
import { documentKey } from '../functions/directory/keys.ts';
import type { CustomerKey } from './key.ts';

/**
 * The ceiling of the on-demand table, in request units a second. What the API lets in needs about three quarters
 * of it; a loop gone wild costs a few dollars an hour and not a few thousand.
 */
const CEILING = { maxReadRequestUnits: 4_000, maxWriteRequestUnits: 2_000 };

/** Whose documents the counts of calls are: SmartAssist's accounts, for both kinds of API. */
const BUDGET_OWNERS = ['account:*', 'admin:account:*'];

export interface DirectoryProps {
  /** The customer's own key, in the place of DynamoDB's. */
  readonly key?: CustomerKey | undefined;
  /** The name of a table that is there, as one is after it was restored; the stack's own stays where it is. */
  readonly imported?: string | undefined;
  /** Tables of other stacks that count the calls of accounts which are worked on from there, too: names or ARNs. */
  readonly budgetTables?: readonly string[];
}

/** The table of the directory: keys and index as `functions/directory/dynamodb/definition.ts` has them. */
export class Directory extends Construct {
  readonly tableName: string;
  /** Whether the table was there before the stack. */
  readonly isImported: boolean;
  readonly #table: Pick<ITableV2, 'tableName' | 'tableArn'>;
  readonly #key: CustomerKey | undefined;
  readonly #budgetTableArns: readonly string[];

  constructor(scope: Construct, id: string, { key, imported, budgetTables = [] }: DirectoryProps = {}) {
    super(scope, id);
    this.#budgetTableArns = budgetTables.map((table) =>
      table.startsWith('arn:')
        ? table
        : Stack.of(this).formatArn({ service: 'dynamodb', resource: 'table', resourceName: table }),
    );
    this.#key = key;
    this.isImported = imported !== undefined;
    this.#table = imported === undefined ? this.#create() : TableV2.fromTableName(this, 'Table', imported);
    this.tableName = this.#table.tableName;
  }

  #create(): TableV2 {
    const table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      globalSecondaryIndexes: [
        {
          indexName: DUE_INDEX,
          partitionKey: { name: 'duePk', type: AttributeType.STRING },
          sortKey: { name: 'dueSk', type: AttributeType.STRING },
          projectionType: ProjectionType.ALL,
          ...CEILING,
        },
      ],
      timeToLiveAttribute: TTL_ATTRIBUTE,
      billing: Billing.onDemand(CEILING),
      // DynamoDB's own key: encrypted all the same, without a fee and a limit of KMS calls on the way of each request.
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    if (this.#key !== undefined) encrypt(table, this.#key);
    return table;
  }

  /** Lets a function read and write single items and partitions. Nothing scans the table. */
  grantReadWrite(grantee: IGrantable): void {
    const { grantPrincipal } = grantee;
    this.#key?.grantUse(grantee);
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:GetItem',
          'dynamodb:BatchGetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:UpdateItem',
          'dynamodb:DeleteItem',
          'dynamodb:ConditionCheckItem',
        ],
        resources: [this.#table.tableArn],
      }),
    );
  }

  /** Lets a function count calls in tables of other stacks: it sees their counts there, and no person. */
  grantBudgets({ grantPrincipal }: IGrantable): void {
    if (this.#budgetTableArns.length === 0) return;
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
        resources: [...this.#budgetTableArns],
        conditions: {
          'ForAllValues:StringLike': {
            'dynamodb:LeadingKeys': BUDGET_OWNERS.map((owner) => documentKey(owner, '').pk),
          },
        },
      }),
    );
  }

  /** Lets a function read what is due, in order. */
  grantReadDue({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['dynamodb:Query'],
        resources: [`${this.#table.tableArn}/index/${DUE_INDEX}`],
      }),
    );
  }
}

/** Without its own method: TableV2 asks for a region that is known at synth where a key is given. */
function encrypt({ node }: TableV2, { key }: CustomerKey): void {
  const table = node.defaultChild as CfnGlobalTable;
  table.addPropertyOverride('SSESpecification', { SSEEnabled: true, SSEType: 'KMS' });
  table.addPropertyOverride('Replicas.0.SSESpecification', { KMSMasterKeyId: key.keyArn });
}
