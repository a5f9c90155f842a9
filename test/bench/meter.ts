import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

/** What some work asked of AWS and of SmartAssist. */
export interface Use {
  /** Requests to DynamoDB. */
  requests: number;
  writeUnits: number;
  readUnits: number;
  /** Messages sent to the doorbell. */
  rings: number;
  /** Calls to SmartAssist. */
  calls: number;
}

interface Consumed {
  readonly CapacityUnits?: number;
  readonly ReadCapacityUnits?: number;
  readonly WriteCapacityUnits?: number;
}

/** Reads off how much a client consumes: DynamoDB says it with each answer, if it is asked. */
export class Meter {
  readonly #used: Use = { requests: 0, writeUnits: 0, readUnits: 0, rings: 0, calls: 0 };

  constructor(client: DynamoDBClient) {
    client.middlewareStack.add(
      (next, context) => async (args) => {
        const input = { ...(args.input as object), ReturnConsumedCapacity: 'TOTAL' };
        const result = await next({ ...args, input } as typeof args);
        const { ConsumedCapacity } = result.output as { ConsumedCapacity?: Consumed | Consumed[] };
        this.#used.requests += 1;
        const isRead = /Get|Query/.test(context.commandName ?? '');
        for (const { CapacityUnits = 0, ReadCapacityUnits, WriteCapacityUnits } of [
          ConsumedCapacity ?? [],
        ].flat()) {
          this.#used.readUnits += ReadCapacityUnits ?? (isRead ? CapacityUnits : 0);
          this.#used.writeUnits += WriteCapacityUnits ?? (isRead ? 0 : CapacityUnits);
        }
        return result;
      },
      { step: 'initialize' },
    );
  }

  rang(): void {
    this.#used.rings += 1;
  }

  called(): void {
    this.#used.calls += 1;
  }

  /** What this work used; with `times`, a time in the mean. */
  async during(work: () => Promise<unknown>, times = 1): Promise<Use> {
    const before = { ...this.#used };
    await work();
    const share = (key: keyof Use) => (this.#used[key] - before[key]) / times;
    return {
      requests: share('requests'),
      writeUnits: share('writeUnits'),
      readUnits: share('readUnits'),
      rings: share('rings'),
      calls: share('calls'),
    };
  }
}
