import { describe, expect, it } from 'vitest';
import type { BehaviourInput } from '../../local/simulator/behaviour.ts';
import { bench, sign, signAsAdmin } from './simulator-bench.ts';

// https://docs.kore.ai/ai-for-service/apis/automation/get-roles/: roles take the token of an app that was made in the
// Admin Console; every page of the contact centre takes one that was made in App Settings.
const ROLES = 'GET /api/public/roles?roleType=bot';

describe('the token of the other kind of app', () => {
  it.each([
    [ROLES, sign],
    ['GET /queues', signAsAdmin],
    ['GET /skill-groups', signAsAdmin],
  ])('is refused by %s', async (operation, token) => {
    const { call } = bench();
    expect((await call(operation)).status).toBe(200);
    const { status, body } = await call(operation, undefined, { auth: await token() });
    expect([status, body.errors[0]?.code]).toEqual([401, 4002]);
  });

  it('is answered as the tenant has it, since no page says how', async () => {
    const { call } = bench({ behaviour: { wrongApp: { status: 404, message: 'no such thing', code: 404 } } });
    const { status, body } = await call(ROLES, undefined, { auth: await sign() });
    expect([status, body.errors]).toEqual([404, [{ msg: 'no such thing', code: 404 }]]);
  });
});

describe('an app without a scope', () => {
  const SAMPLES = {
    'SmartAssist Analytics': ['GET /skill-groups', 'GET /agents/a-1'],
    Configuration: ['GET /agent-groups', 'GET /queues', 'GET /agents/customId/1'],
    'Role Management': [ROLES],
  };
  it.each(Object.keys(SAMPLES) as (keyof typeof SAMPLES)[])('%s is refused what takes it', async (scope) => {
    const behaviour: BehaviourInput = { withoutScopes: [scope] };
    const { call } = bench({ behaviour });
    for (const [name, operations] of Object.entries(SAMPLES)) {
      for (const operation of operations) {
        const { status } = await call(operation);
        if (name === scope) expect([operation, status]).toEqual([operation, 403]);
        else expect([operation, status]).not.toEqual([operation, 403]);
      }
    }
  });
});

it('lists 50 roles at most, and says when there are more', async () => {
  const { call } = bench();
  const three = await call('GET /api/public/roles?roleType=bot&limit=50');
  expect(three.body).toMatchObject({ total: 3, availableMore: false });
  const two = await call('GET /api/public/roles?roleType=bot&limit=2');
  expect(two.body).toMatchObject({ total: 3, availableMore: true });
});

it('says the organization of each agent group and queue', async () => {
  const { call, simulator } = bench();
  for (const operation of ['GET /agent-groups', 'GET /queues']) {
    const { results } = (await call(operation)).body;
    expect(new Set((results as readonly { orgId?: string }[]).map(({ orgId }) => orgId))).toEqual(
      new Set([simulator.orgId]),
    );
  }
});
