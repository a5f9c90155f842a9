import { inject } from 'vitest';
import { connect, type DynamoDbLocal } from './dynamodb-local.ts';

/**
 * The DynamoDB Local of this run. All test files share it, those of other workers too: a name of a table is used by one
 * of them alone. `stop` ends the connection.
 */
export async function openDynamoDbLocal(): Promise<DynamoDbLocal> {
  const response = await fetch(inject('dynamoDbLocal'));
  const endpoint = await response.text();
  if (!response.ok) throw new Error(endpoint);
  return connect(endpoint);
}
