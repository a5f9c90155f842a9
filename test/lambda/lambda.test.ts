import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault } from '../../local/simulator/behaviour.ts';
import { hasJava } from '../contract/dynamodb-local.ts';
import { type Deployment, deploy } from './deployment.ts';
import { runtime } from './environment.ts';

const java = hasJava();
if (!java) process.stdout.write('DynamoDB Local: skipped, Java 17 or newer not found\n');

/** A little more, so that every lease has run out. */
const MINUTE_MS = 70_000;
const FAILS_ONCE = { on: 'POST /agents', kind: 'status', status: 503, times: 1 } as const;
const APPLIED_WITHOUT_ANSWER = { on: 'POST /agents', kind: 'hang-after', times: 1 } as const;
const PATIENCE_MS = 15_000;

describe.skipIf(!java)(`the built functions, each in a process under the runtime "${runtime}"`, () => {
  let deployment: Deployment;
  beforeAll(async () => {
    deployment = await deploy();
  });
  afterAll(() => deployment?.close());

  it('make an agent of a request, by the queue and the drain, when SmartAssist fails at first', async () => {
    misbehave(FAILS_ONCE);
    const created = await deployment.request('POST', '/Users', person('mara'));
    expect(created).toMatchObject({ status: 201, body: { userName: 'mara@example.com' } });
    expect(stateOf(created.body)).toBe('due');
    // It rang, but the next attempt is due in a moment only: the schedule rings again.
    expect(await deployment.deliver()).toBe('done');
    await deployment.pass(MINUTE_MS);
    await deployment.minute();
    expect(await deployment.deliver()).toBe('done');
    expect(await stateNow('mara')).toBe('provisioned');
    expect(agentsOf('mara')).toBe(1);
  });

  it('make one agent, when the drain is killed after its create was applied and the message comes again', async () => {
    misbehave(FAILS_ONCE, APPLIED_WITHOUT_ANSWER);
    expect(stateOf((await deployment.request('POST', '/Users', person('noor'))).body)).toBe('due');
    await deployment.pass(MINUTE_MS);
    const killed = killOnce(() => agentsOf('noor') === 1, deployment.functions.Drain);
    expect(await deployment.deliver()).toBe('given back');
    await killed;
    await deployment.pass(MINUTE_MS);
    expect(await deployment.deliver()).toBe('done');
    expect(await stateNow('noor')).toBe('provisioned');
    expect(agentsOf('noor')).toBe(1);
  });

  it('make one agent, when the front door is killed in the middle and the request comes again', async () => {
    misbehave(APPLIED_WITHOUT_ANSWER);
    const killed = killOnce(() => agentsOf('otto') === 1, deployment.functions.Scim);
    const lost = await deployment.request('POST', '/Users', person('otto'));
    expect(lost).toEqual({ status: 500, body: { message: 'Internal Server Error' } });
    await killed;
    // Accepted means stored: the person has been there since the first request.
    const again = await deployment.request('POST', '/Users', person('otto'));
    expect(again).toMatchObject({ status: 409, body: { scimType: 'uniqueness' } });
    await deployment.pass(MINUTE_MS);
    await deployment.minute();
    expect(await deployment.deliver()).toBe('done');
    expect(await stateNow('otto')).toBe('provisioned');
    expect(agentsOf('otto')).toBe(1);
  });

  it('print lines of JSON, and in none of them a secret, a token or a phone number', () => {
    const printed = Object.values(deployment.functions)
      .map((each) => each.printed())
      .join('');
    const lines = printed.trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toContainEqual(
      expect.objectContaining({ level: expect.any(String), correlationId: expect.any(String) }),
    );
    for (const secret of [...deployment.unspeakable, '5550199', '555 0199']) {
      expect(printed).not.toContain(secret);
    }
  });

  /** SmartAssist would also take the same agent twice: nothing but the product keeps it from that. */
  const misbehave = (...faults: Fault[]) =>
    deployment.simulator.setBehaviour({ duplicateEmail: { isRefused: false }, faults });

  const agentsOf = (name: string): number =>
    deployment.simulator.agents().filter(({ emailId }) => emailId === `${name}@example.com`).length;

  async function stateNow(name: string): Promise<string | undefined> {
    const filter = encodeURIComponent(`userName eq "${name}@example.com"`);
    const { body } = await deployment.request('GET', `/Users?filter=${filter}`);
    expect(body.totalResults).toBe(1);
    return stateOf(body.Resources[0]);
  }
});

function person(name: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: `${name}@example.com`,
    name: { givenName: name, familyName: 'Example' },
    emails: [{ value: `${name}@example.com`, type: 'work', primary: true }],
    phoneNumbers: [{ value: '+1 555 0199', type: 'work' }],
    active: true,
  };
}

const EXTENSION = 'urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User';

function stateOf(user: Record<string, { provisioning?: { state?: string } }>): string | undefined {
  return user?.[EXTENSION]?.provisioning?.state;
}

async function killOnce(isTime: () => boolean, target: { kill(): Promise<void> }): Promise<void> {
  const until = Date.now() + PATIENCE_MS;
  while (!isTime()) {
    if (Date.now() > until) throw new Error('it is never time to kill');
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await target.kill();
}
