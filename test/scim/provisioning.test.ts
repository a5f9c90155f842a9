import { expect, it } from 'vitest';
import { AGENT, ada, openDoor, provisioningOf } from './door.ts';

const CORRELATION = 'c6af9ac6-7b61-11e6-9a41-93e8deadbeef';

it('says nothing but since when of an agent that is as it should be, with its ids', async () => {
  const { create, clock } = openDoor({ behaviour: { returnsAgentId: true } });
  const provisioning = provisioningOf(await create(ada()));
  expect(provisioning).toEqual({
    state: 'provisioned',
    since: expect.stringMatching(/^2026-11-23T10:00:0\d\.\d{3}Z$/),
    correlationId: CORRELATION,
    agentId: expect.stringMatching(/^a-/),
    customId: expect.stringMatching(/^\w+$/),
    updatedAt: provisioning.since,
  });
  expect(Date.parse(String(provisioning.since))).toBeLessThanOrEqual(clock.now());
});

it('says when an agent that could not be made is tried again, and why it was not', async () => {
  const { create, send, simulator, clock } = openDoor();
  await create(ada({ userName: 'first', externalId: '1', emails: [{ value: 'first@example.com' }] }));
  simulator.setBehaviour({ faults: [{ on: 'POST /agents', kind: 'status', status: 500, times: 1 }] });
  const { body } = await create(ada());
  const { nextTry, since, reason, ...rest } = provisioningOf(await send('GET', `/Users/${body.id}`));
  expect(rest).toMatchObject({ state: 'due', correlationId: CORRELATION });
  expect(rest).not.toHaveProperty('customId');
  expect(reason).toMatch(/^The last attempt came to nothing: .*\.$/);
  expect(Date.parse(String(nextTry))).toBeGreaterThanOrEqual(Date.parse(String(since)));
  expect(Date.parse(String(nextTry)) - clock.now()).toBeLessThanOrEqual(15 * 60_000);
});

it('says of a leaver and of a person who is to be no agent why there is none in service', async () => {
  const { create, send } = openDoor();
  const { body } = await create(ada());
  const off = await send('PUT', `/Users/${body.id}`, { body: ada({ active: false }) });
  expect(provisioningOf(off)).toMatchObject({
    state: 'suspended',
    reason: 'The person is out of service.',
    customId: expect.stringMatching(/^\w+$/),
  });
  const never = await create(
    ada({ userName: 'b', externalId: 'b', emails: [{ value: 'b@example.com' }], active: false }),
  );
  expect(provisioningOf(never)).toMatchObject({
    state: 'waiting',
    reason: 'The person is out of service and has no agent.',
  });
  expect(provisioningOf(never)).not.toHaveProperty('nextTry');
});

it('is found by a filter, and shown alone', async () => {
  const { create, send } = openDoor();
  await create(ada());
  const found = await send('GET', '/Users', {
    query: {
      filter: `${AGENT}:provisioning.since gt "2026-11-01T00:00:00Z"`,
      attributes: `${AGENT}:provisioning.since`,
    },
  });
  expect(found.body.Resources).toEqual([
    expect.objectContaining({ [AGENT]: { provisioning: { since: expect.stringMatching(/Z$/) } } }),
  ]);
});

/** @see https://developer.okta.com/docs/api/openapi/okta-scim/guides/scim-20 (Retrieve Users) */
it("comes into Okta's import with the agent's id and extension number, on every page", async () => {
  const { create, send, simulator } = openDoor({ behaviour: { returnsAgentId: true } });
  for (const name of ['a', 'b', 'c']) {
    await create(ada({ userName: name, externalId: name, emails: [{ value: `${name}@example.com` }] }));
  }
  const imported: unknown[] = [];
  for (const startIndex of ['1', '3']) {
    const { status, body } = await send('GET', '/Users', {
      query: { startIndex, count: '2' },
      headers: { 'user-agent': 'Okta SCIM Client 1.0.0' },
    });
    expect(status).toBe(200);
    for (const user of body.Resources as Record<string, unknown>[]) {
      const { agentId, customId } = provisioningOf({ status, headers: {}, body: user });
      imported.push({ agentId, customId });
    }
  }
  const agents = simulator.agents().map(({ id, customId }) => ({ agentId: id, customId }));
  expect(imported).toHaveLength(3);
  expect(new Set(imported.map((each) => JSON.stringify(each)))).toEqual(
    new Set(agents.map((each) => JSON.stringify(each))),
  );
});
