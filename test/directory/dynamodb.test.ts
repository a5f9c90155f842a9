import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { dynamoDbTable } from '../../functions/directory/dynamodb/table.ts';
import { DirectoryBusyError } from '../../functions/directory/errors.ts';

type Answer = { readonly status: number; readonly body: object } | 'lost';
interface Request {
  readonly operation: string;
  // biome-ignore lint/suspicious/noExplicitAny: requests are read at arbitrary depth
  readonly body: any;
}

const item = { pk: 'demo#user', sk: 'a', version: 1, body: { name: 'Ada' } };
const key = { pk: item.pk, sk: item.sk };
const ok = (body: object = {}): Answer => ({ status: 200, body });
const refused = (type: string, more: object = {}): Answer => ({
  status: 400,
  body: { __type: `com.amazonaws.dynamodb.v20120810#${type}`, message: type, ...more },
});
const canceled = (...codes: string[]): Answer =>
  refused('TransactionCanceledException', {
    CancellationReasons: codes.map((Code) => ({ Code, ...(Code !== 'None' && { Item: rowAt(Code) }) })),
  });
const rowAt = (name: string) => ({
  pk: { S: name },
  sk: { S: '-' },
  version: { N: '4' },
  body: { S: '{"there":true}' },
});

/** The adapter before a DynamoDB that gives the answers of a script, and the last one again and again. */
function scripted(answer: (request: Request, position: number) => Answer, { attempts = 1 } = {}) {
  const requests: Request[] = [];
  const sleeps: number[] = [];
  const client = new DynamoDBClient({
    region: 'eu-west-1',
    credentials: { accessKeyId: 'x', secretAccessKey: 'x' },
    maxAttempts: attempts,
    requestHandler: {
      handle: async ({ headers, body }: { headers: Record<string, string>; body: Uint8Array }) => {
        const operation = headers['x-amz-target']?.split('.')[1] ?? '';
        requests.push({ operation, body: JSON.parse(new TextDecoder().decode(body)) });
        const given = answer(requests.at(-1) as Request, requests.length - 1);
        if (given === 'lost') throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
        const bytes = new TextEncoder().encode(JSON.stringify(given.body));
        return { response: { statusCode: given.status, headers: {}, body: bytes } };
      },
    },
  });
  const table = dynamoDbTable({
    client,
    tableName: 'directory',
    random: () => 0.5,
    sleep: async (milliseconds) => void sleeps.push(milliseconds),
    now: () => 1_000_000,
  });
  return { table, requests, sleeps, operations: () => requests.map(({ operation }) => operation) };
}

const answers =
  (...given: Answer[]) =>
  (_: Request, position: number): Answer =>
    given[position] ?? (given.at(-1) as Answer);

describe('an answer that was lost', () => {
  it('does not turn our own conditional put into a lost race', async () => {
    let written: object | undefined;
    const { table, requests } = scripted(
      ({ body }) => {
        if (written) return refused('ConditionalCheckFailedException', { Item: written });
        written = body.Item;
        return 'lost';
      },
      { attempts: 3 },
    );
    expect(await table.write([{ put: item, if: 'absent' }])).toEqual({ ok: true });
    expect(requests).toHaveLength(2);
  });

  it('is no success when another writer wrote the very same item first', async () => {
    const { table } = scripted(
      ({ body }, position) =>
        position === 0
          ? 'lost'
          : refused('ConditionalCheckFailedException', {
              Item: { ...body.Item, signature: { S: 'of somebody else' } },
            }),
      { attempts: 3 },
    );
    const result = await table.write([{ put: item, if: 'absent' }]);
    expect(result).toEqual({ ok: false, failed: 0, found: item });
  });

  it.each([
    ['a conditional delete', { delete: key, if: { version: 1 } }],
    ['a count', { count: key, by: 1 }],
  ])('lets %s be sent again: it is a transaction with a token', async (_, write) => {
    const { table, requests, operations } = scripted(answers('lost', ok()), { attempts: 3 });
    expect(await table.write([write])).toEqual({ ok: true });
    expect(operations()).toEqual(['TransactWriteItems', 'TransactWriteItems']);
    expect(requests[0]?.body.ClientRequestToken).toMatch(/^.{1,36}$/);
    expect(requests[1]?.body).toEqual(requests[0]?.body);
  });

  it('is an error when no answer ever comes', async () => {
    const { table } = scripted(answers('lost'));
    await expect(table.write([{ put: item, if: 'absent' }])).rejects.toMatchObject({
      name: 'DirectoryUnavailableError',
      cause: expect.objectContaining({ message: 'socket hang up' }),
    });
  });
});

describe('a busy table', () => {
  const put = { put: item, if: 'absent' } as const;
  const two = [put, { delete: { pk: 'demo', sk: 'b' } }];

  it.each([
    ['ThrottlingException', [put]],
    ['ProvisionedThroughputExceededException', [put]],
    ['RequestLimitExceeded', [put]],
    ['TransactionConflictException', [put]],
    ['TransactionInProgressException', two],
  ])('is asked again after %s', async (type, writes) => {
    const { table, requests } = scripted(answers(refused(type), refused(type), ok()));
    expect(await table.write(writes)).toEqual({ ok: true });
    expect(requests).toHaveLength(3);
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'is asked again with the same token when a transaction is canceled for %s',
    async (reason) => {
      const { table, requests } = scripted(answers(canceled('None', reason), ok()));
      expect(await table.write(two)).toEqual({ ok: true });
      expect(requests[1]?.body).toEqual(requests[0]?.body);
    },
  );

  it('is asked again with pauses that grow, with full jitter, eight times in all', async () => {
    const { table, requests, sleeps } = scripted(answers(canceled('TransactionConflict', 'None')));
    await expect(table.write(two)).rejects.toThrow(DirectoryBusyError);
    expect(requests).toHaveLength(8);
    // Half of 40, 80, … as the random number is 0.5; never over a second.
    expect(sleeps).toEqual([20, 40, 80, 160, 320, 500, 500]);
  });

  it('is asked again for what it left out of a batch, and only for that', async () => {
    const keys = Array.from({ length: 3 }, (_, i) => ({ pk: 'demo', sk: String(i) }));
    const rows = keys.map(({ pk, sk }) => ({ ...rowAt(pk), sk: { S: sk } }));
    const left = { directory: { Keys: [{ pk: { S: 'demo' }, sk: { S: '2' } }], ConsistentRead: true } };
    const { table, requests } = scripted(
      answers(
        ok({ Responses: { directory: rows.slice(0, 2) }, UnprocessedKeys: left }),
        ok({ UnprocessedKeys: left }),
        ok({ Responses: { directory: rows.slice(2) } }),
      ),
    );
    expect((await table.getMany(keys)).map((found) => found?.sk)).toEqual(['0', '1', '2']);
    expect(requests[1]?.body.RequestItems).toEqual(left);
  });

  it('is given up when a batch never gets on', async () => {
    const { table } = scripted(({ body }) => ok({ UnprocessedKeys: body.RequestItems }));
    await expect(table.getMany([key])).rejects.toThrow(DirectoryBusyError);
  });

  it.each(['AccessDeniedException', 'ValidationException'])('is not what %s means', async (type) => {
    const { table, requests } = scripted(answers(refused(type)));
    await expect(table.write([put])).rejects.toThrow(type);
    await expect(table.get(key)).rejects.toThrow(type);
    expect(requests).toHaveLength(2);
  });
});

describe('a transaction that was canceled', () => {
  const writes = ['a', 'b', 'c'].map((sk) => ({ check: { pk: 'demo', sk }, if: 'absent' }) as const);
  const failed = 'ConditionalCheckFailed';

  it('names the first failed condition and shows what stood there', async () => {
    const { table } = scripted(answers(canceled('None', failed, failed)));
    expect(await table.write(writes)).toEqual({
      ok: false,
      failed: 1,
      found: { pk: failed, sk: '-', version: 4, body: { there: true } },
    });
  });

  it('is tried again when a busy item stands before a failed condition: it may have failed as well', async () => {
    const { table } = scripted(
      answers(canceled('TransactionConflict', failed, 'None'), canceled(failed, failed, 'None')),
    );
    expect(await table.write(writes)).toMatchObject({ ok: false, failed: 0 });
  });

  it('is not tried again when a busy item stands behind a failed condition', async () => {
    const { table, requests } = scripted(answers(canceled(failed, 'TransactionConflict', 'None')));
    expect(await table.write(writes)).toMatchObject({ ok: false, failed: 0 });
    expect(requests).toHaveLength(1);
  });

  it('is an error for any other reason', async () => {
    const { table } = scripted(answers(canceled('ItemCollectionSizeLimitExceeded', failed, 'None')));
    await expect(table.write(writes)).rejects.toThrow('TransactionCanceledException');
  });
});

describe('what is asked of DynamoDB', () => {
  it('is one request for a put, a delete, a read, whatever the conditions', async () => {
    const { table, operations } = scripted(answers(ok()));
    await table.write([{ put: item }]);
    await table.write([{ put: item, if: { version: 1 } }]);
    await table.write([{ delete: key }]);
    await table.get(key);
    expect(operations()).toEqual(['PutItem', 'PutItem', 'DeleteItem', 'GetItem']);
  });

  it('is the item that stood in the way, with every conditional write', async () => {
    const { table, requests } = scripted(answers(ok()));
    await table.write([{ put: item, if: 'absent' }]);
    await table.write([
      { put: item, if: { version: 1 } },
      { delete: { pk: 'demo', sk: 'b' }, if: { version: 1 } },
      { check: { pk: 'demo', sk: 'c' }, if: 'absent' },
    ]);
    const [{ Put }, { Delete }, { ConditionCheck }] = requests[1]?.body.TransactItems ?? [];
    for (const write of [requests[0]?.body, Put, Delete, ConditionCheck]) {
      expect(write.ReturnValuesOnConditionCheckFailure).toBe('ALL_OLD');
    }
  });

  it('is consistent except where DynamoDB has no such thing, in the index', async () => {
    const { table, requests } = scripted(answers(ok()));
    await table.get(key);
    await table.query({ pk: 'demo', limit: 1 });
    await table.queryDue({ pk: 'demo', limit: 1 });
    await table.getMany([key]);
    expect(requests.map(({ body }) => body.ConsistentRead)).toEqual([true, true, undefined, undefined]);
    expect(requests[3]?.body.RequestItems.directory.ConsistentRead).toBe(true);
  });

  it('is at most 100 keys a batch, none of them twice', async () => {
    const { table, requests } = scripted(answers(ok()));
    const keys = Array.from({ length: 150 }, (_, i) => ({ pk: 'demo', sk: String(i) }));
    await table.getMany([...keys, ...keys]);
    const asked = requests.map(({ body }) => body.RequestItems.directory.Keys.length);
    expect(asked).toEqual([100, 50]);
  });

  it('is the next part of a partition until the page is full, and not more', async () => {
    const row = (sk: string) => ({ ...rowAt('demo'), sk: { S: sk } });
    const { table, requests } = scripted(
      answers(
        ok({ Items: [row('a')], LastEvaluatedKey: { pk: { S: 'demo' }, sk: { S: 'a' } } }),
        ok({ Items: [], LastEvaluatedKey: { pk: { S: 'demo' }, sk: { S: 'b' } } }),
        ok({ Items: [row('c'), row('d')], LastEvaluatedKey: { pk: { S: 'demo' }, sk: { S: 'd' } } }),
      ),
    );
    const page = await table.query({ pk: 'demo', limit: 2 });
    expect(page.items.map(({ sk }) => sk)).toEqual(['a', 'c']);
    expect(page.next).toBe('c');
    expect(requests.map(({ body }) => [body.Limit, body.ExclusiveStartKey?.sk.S])).toEqual([
      [3, undefined],
      [2, 'a'],
      [2, 'b'],
    ]);
  });
});
