import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { AGENT_CHANGES } from '../../functions/provision/history.ts';
import { eraseExpired } from '../../functions/reconcile/erase.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type ProvisionBench, person, provisionBench } from './bench.ts';

const CREATE = 'POST /agents';
const LOOK_UP = 'GET /agents/customId/{customId}';
const GET = 'GET /agents/{agentId}';
const PUT = 'PUT /agents/{agentId}';
const DELETE = 'DELETE /agents/{agentId}';

/** The calls that `work` takes, by operation. */
async function callsOf(bench: ProvisionBench, work: () => Promise<unknown>): Promise<Record<string, number>> {
  const before = bench.agentCalls();
  await work();
  const after = bench.agentCalls();
  return Object.fromEntries(
    Object.entries(after)
      .map(([operation, count]) => [operation, count - (before[operation] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );
}

const groupOf = ({ simulator }: ProvisionBench, index = 0): string | undefined => {
  const id = simulator.agents()[index]?.agentGroupId;
  return simulator.catalogue.agentGroups.find((group) => group.id === id)?.name;
};
const later = { inline: undefined } as never;

describe("fields of the tenant's own", () => {
  const withFields = (custom: Record<string, string | number>) => [
    ...demoTenant().rules,
    { name: 'own', set: { custom } },
  ];

  it('are in the agent from the start, and follow the mapping', async () => {
    const bench = provisionBench({
      tenant: { rules: withFields({ shoeSize: 43 }) },
      behaviour: { customFields: ['shoeSize', 'site'] },
    });
    const record = await bench.stored(person('ada'));
    expect(bench.simulator.agents()).toMatchObject([{ shoeSize: 43 }]);
    const moved = { rules: withFields({ shoeSize: 44, site: 'Berlin' }) };
    await drain(bench.reconfigure(moved), bench.services, bench.clock.now() + 120_000);
    expect((await bench.read(record)).state).toBe('provisioned');
    expect(bench.simulator.agents()).toMatchObject([{ shoeSize: 44, site: 'Berlin' }]);
  });

  it('that SmartAssist refuses fail the person with its words', async () => {
    const bench = provisionBench({ tenant: { rules: withFields({ shoeSize: 43 }) } });
    expect(await bench.arrive(person('ada'))).toMatchObject({ outcome: 'refused' });
    const record = await bench.stored(person('ada'), later);
    await bench.settled();
    expect(await bench.read(record)).toMatchObject({ state: 'failed' });
    expect(JSON.stringify(await bench.read(record))).toContain('shoeSize: is not accepted');
  });
});

describe('a joiner', () => {
  it('becomes an agent with one call', async () => {
    const bench = provisionBench();
    const calls = await callsOf(bench, () => bench.stored(person('ada')));
    expect(calls).toEqual({ [CREATE]: 1 });
    expect(bench.simulator.agents()).toMatchObject([{ emailId: 'ada@example.com', firstName: 'ada' }]);
  });

  it('is known by a key made from tenant and id', async () => {
    const bench = provisionBench();
    const record = await bench.stored(person('ada'));
    expect(bench.simulator.agents()[0]?.customId).toBe(customIdOf('demo', record.id));
    expect(record).toMatchObject({ state: 'provisioned', agent: { presence: 'active' } });
    expect(record).not.toHaveProperty('lease');
    expect(record).not.toHaveProperty('dueAt');
  });

  it('whom nobody waits for is stored, rung for, and made by the drain', async () => {
    const bench = provisionBench();
    const record = await bench.stored(person('ada'), later);
    expect(record.state).toBe('due');
    expect(bench.rung).toEqual(['demo']);
    expect(bench.simulator.agents()).toEqual([]);
    expect(await bench.drained()).toEqual({ outcome: 'idle' });
    expect((await bench.read(record)).state).toBe('provisioned');
  });

  it('whom SmartAssist refuses is not stored, and can be sent again', async () => {
    const bench = provisionBench({
      behaviour: { faults: [{ on: CREATE, kind: 'status', status: 400, times: 1 }] },
    });
    expect(await bench.arrive(person('ada'))).toMatchObject({ outcome: 'refused', status: 400 });
    expect(await bench.directory.countPersons('demo')).toBe(0);
    expect(await bench.arrive(person('ada'))).toMatchObject({ outcome: 'stored' });
  });

  it('whom SmartAssist refuses while nobody waits is kept as failed, with its words', async () => {
    const bench = provisionBench({ behaviour: { faults: [{ on: CREATE, kind: 'status', status: 400 }] } });
    const record = await bench.stored(person('ada'), later);
    await bench.drained();
    expect(await bench.read(record)).toMatchObject({
      state: 'failed',
      attempts: {
        count: 1,
        lastError: { code: 'refused', message: expect.stringContaining('simulated fault') },
      },
    });
    expect(bench.agentCalls()).toEqual({ [CREATE]: 1, [LOOK_UP]: 1 });
  });

  it('who can not be mapped is not stored while somebody waits, and failed otherwise', async () => {
    const bench = provisionBench();
    const nobody = person('x', { userName: 'x', emails: [] });
    expect(await bench.arrive(nobody)).toMatchObject({
      outcome: 'invalid',
      problems: [{ field: 'emailId' }],
    });
    expect(await bench.directory.countPersons('demo')).toBe(0);
    const record = await bench.stored(nobody, later);
    await bench.drained();
    expect(await bench.read(record)).toMatchObject({
      state: 'failed',
      attempts: { lastError: { code: 'invalid' } },
    });
  });

  it('who is not to be an agent waits, at no cost', async () => {
    const bench = provisionBench();
    const record = await bench.stored(person('ada', { active: false }));
    expect(record.state).toBe('waiting');
    expect(bench.agentCalls()).toEqual({});
  });
});

describe('an attempt with an unknown outcome', () => {
  it.each(['drop-after', 'hang-after', 'garbage'] as const)(
    'that was applied (%s) is found by its key and adopted, never made twice',
    async (kind) => {
      const bench = provisionBench({ behaviour: { faults: [{ on: CREATE, kind, times: 1 }] } });
      const record = await bench.stored(person('ada'));
      expect(record).toMatchObject({ state: 'due', attempts: { unknown: true } });
      expect(await callsOf(bench, () => bench.settled())).toEqual({ [LOOK_UP]: 1 });
      expect(await bench.read(record)).toMatchObject({
        state: 'provisioned',
        agent: { agentId: bench.simulator.agents()[0]?.id },
        attempts: { count: 0, unknown: false },
      });
      expect(bench.simulator.agents()).toHaveLength(1);
    },
  );

  it('that was not applied is looked for and then made', async () => {
    const bench = provisionBench({ behaviour: { faults: [{ on: CREATE, kind: 'drop-before', times: 1 }] } });
    await bench.stored(person('ada'));
    expect(await callsOf(bench, () => bench.settled())).toEqual({ [LOOK_UP]: 1, [CREATE]: 1 });
    expect(bench.simulator.agents()).toHaveLength(1);
  });

  it('of a function that died midway is looked for by the next one, after the lease', async () => {
    const bench = provisionBench();
    const record = await bench.stored(person('ada'), later);
    const leased: PersonRecord = {
      ...record,
      version: record.version + 1,
      lease: { holder: 'dead', until: bench.clock.now() + 30_000 },
    };
    await bench.directory.updatePerson(record, leased);
    expect(await callsOf(bench, () => bench.drained(20_000))).toEqual({});
    bench.clock.advance(30_000);
    expect(await callsOf(bench, () => bench.drained())).toEqual({ [LOOK_UP]: 1, [CREATE]: 1 });
    expect((await bench.read(record)).state).toBe('provisioned');
  });

  it('is tried again later and later, each time counted, until it works', async () => {
    const bench = provisionBench({
      behaviour: { faults: [{ on: CREATE, kind: 'status', status: 503, times: 4 }] },
    });
    const record = await bench.stored(person('ada'));
    expect(record.attempts).toMatchObject({ count: 1, lastError: { code: 'unknown' } });
    await bench.settled();
    expect((await bench.read(record)).state).toBe('provisioned');
    expect(bench.simulator.agents()).toHaveLength(1);
  });
});

describe('an agent that is there already', () => {
  it('under our key is adopted when a create is refused as a duplicate', async () => {
    const bench = provisionBench();
    const record = await bench.stored(person('ada'), later);
    bench.simulator.seedAgent({
      emailId: 'ada@example.com',
      customId: record.agent.customId,
      nickName: 'Countess',
    });
    await bench.drained();
    expect(bench.simulator.agents()).toMatchObject([{ firstName: 'ada', nickName: 'Countess' }]);
    expect((await bench.read(record)).state).toBe('provisioned');
  });

  it('as SmartAssist says, and that nothing has shown yet, is looked for while the person stays due', async () => {
    const bench = provisionBench();
    bench.simulator.seedAgent({ emailId: 'ada@example.com' });
    const record = await bench.stored(person('ada'));
    expect(record).toMatchObject({
      state: 'due',
      attempts: { lastError: { message: 'an agent with this e-mail exists; being looked for' } },
    });
    bench.clock.advance(60_000);
    // Looked for by a reconciliation, and not by creating it again and again.
    expect(await callsOf(bench, () => bench.drained(10 * 60_000))).toEqual({});
  });
});

describe('a mover', () => {
  it('who changes nothing that the agent has costs no call', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    const calls = await callsOf(bench, () => bench.stored(person('ada', { title: 'Countess' }), { before }));
    expect(calls).toEqual({});
  });

  it('is brought up to date with a look-up, a read and an update, then with a read and an update', async () => {
    const bench = provisionBench();
    let before = await bench.stored(person('ada'));
    const rename = async (familyName: string) => {
      before = await bench.stored(person('ada', { name: { givenName: 'ada', familyName } }), { before });
    };
    expect(await callsOf(bench, () => rename('Byron'))).toEqual({ [LOOK_UP]: 1, [GET]: 1, [PUT]: 1 });
    expect(await callsOf(bench, () => rename('King'))).toEqual({ [GET]: 1, [PUT]: 1 });
    expect(bench.simulator.agents()).toMatchObject([{ lastName: 'King' }]);
  });

  it('keeps what the look-up by Custom ID does not show', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    const [agent] = bench.simulator.agents();
    bench.simulator.editAgent(agent?.id ?? '', { dAgentGroups: ['dialler-1'] });
    await bench.stored(person('ada', { name: { givenName: 'ada', familyName: 'Byron' } }), { before });
    expect(bench.simulator.agents()).toMatchObject([{ lastName: 'Byron', dAgentGroups: ['dialler-1'] }]);
  });

  it('keeps what is not managed', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    const [agent] = bench.simulator.agents();
    bench.simulator.editAgent(agent?.id ?? '', { nickName: 'Countess', attachmentsEnabled: true });
    await bench.stored(person('ada', { name: { givenName: 'ada', familyName: 'Byron' } }), { before });
    expect(bench.simulator.agents()).toMatchObject([
      { lastName: 'Byron', nickName: 'Countess', attachmentsEnabled: true, createdAt: agent?.createdAt },
    ]);
  });

  it.each([
    ['creation', true],
    ['change', false],
  ])('whose %s is refused loses nothing that somebody else stored meanwhile', async (_, isNew) => {
    let meddle: (() => Promise<unknown>) | undefined;
    const bench = provisionBench({
      directory: (directory) => ({
        ...directory,
        // Between SmartAssist's answer and the writing of it.
        updatePerson: async (before, after) => {
          const meddling = after.lease === undefined ? meddle : undefined;
          if (meddling !== undefined) {
            meddle = undefined;
            await meddling();
          }
          return directory.updatePerson(before, after);
        },
      }),
    });
    const before = isNew ? undefined : await bench.stored(person('ada'));
    const on = isNew ? 'POST /agents' : 'PUT /agents/{agentId}';
    bench.simulator.setBehaviour({ faults: [{ on, kind: 'status', status: 400, times: 1 }] });
    const name = (familyName: string) => ({ name: { givenName: 'ada', familyName } });
    meddle = async () => {
      const [current] = await bench.directory.findPerson('demo', {
        attribute: 'userName',
        value: 'ada@example.com',
      });
      if (current === undefined) throw new Error('nobody is there');
      const accepted = await bench.arrive(person('ada', name('Later')), { before: current });
      expect(accepted.outcome).toBe('stored');
    };
    const accepted = await bench.arrive(
      person('ada', name('Refused')),
      before === undefined ? {} : { before },
    );
    expect(accepted.outcome).toBe('stored');
    const [record] = await bench.directory.findPerson('demo', {
      attribute: 'userName',
      value: 'ada@example.com',
    });
    expect(record?.person.name?.familyName).toBe('Later');
    await bench.settled();
    expect(bench.simulator.agents().map(({ lastName }) => lastName)).toEqual(['Later']);
  });

  it('whom SmartAssist refuses stays as before while somebody waits', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    bench.simulator.setBehaviour({ faults: [{ on: PUT, kind: 'status', status: 400 }] });
    const change = { name: { givenName: 'ada', familyName: 'Byron' } };
    expect(await bench.arrive(person('ada', change), { before })).toMatchObject({ outcome: 'refused' });
    expect((await bench.read(before)).person.name).toEqual(before.person.name);
  });

  it('whose agent somebody deleted gets a new one', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    bench.simulator.reset();
    await bench.stored(person('ada', { name: { givenName: 'ada', familyName: 'Byron' } }), { before });
    expect(bench.simulator.agents()).toMatchObject([{ lastName: 'Byron' }]);
  });

  it('who is changed while a function is at work is provisioned as changed', async () => {
    const bench = provisionBench();
    const record = await bench.stored(person('ada'), later);
    let interrupted = false;
    const { transport } = bench.services;
    const drainingWorld = {
      ...bench.services,
      transport: async (request: Parameters<typeof transport>[0]) => {
        const answer = await transport(request);
        if (request.method === 'POST' && !interrupted) {
          interrupted = true;
          const current = await bench.read(record);
          const changed = person('ada', { name: { givenName: 'ada', familyName: 'Byron' } });
          await bench.arrive(changed, { before: current });
        }
        return answer;
      },
    };
    const { openTenant } = await import('../../functions/provision/tenant.ts');
    const { drain } = await import('../../functions/provision/drain/drain.ts');
    const provisioning = openTenant('demo', bench.provisioning.tenant, drainingWorld);
    await drain(provisioning, drainingWorld, bench.clock.now() + 120_000);
    expect(interrupted).toBe(true);
    expect(bench.simulator.agents()).toMatchObject([{ lastName: 'Byron' }]);
    expect((await bench.read(record)).state).toBe('provisioned');
  });
});

describe('a leaver', () => {
  it('is put into the Unassigned group, and nothing else of the agent changes', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    const [agent] = bench.simulator.agents();
    const record = await bench.stored(person('ada', { active: false }), { before });
    expect(record).toMatchObject({ state: 'suspended', agent: { presence: 'suspended' } });
    expect(groupOf(bench)).toBe('Unassigned');
    expect(bench.simulator.agents()[0]?.skills.map(({ skillId }) => skillId)).toEqual(
      agent?.skills.map(({ skillId }) => skillId),
    );
  });

  it('who is suspended costs no further call, whatever changes', async () => {
    const bench = provisionBench();
    const joined = await bench.stored(person('ada'));
    const before = await bench.stored(person('ada', { active: false }), { before: joined });
    const calls = await callsOf(bench, () =>
      bench.stored(person('ada', { active: false, title: 'x' }), { before }),
    );
    expect(calls).toEqual({});
  });

  it('who comes back has the desired group again', async () => {
    const bench = provisionBench();
    const joined = await bench.stored(person('ada'));
    const left = await bench.stored(person('ada', { active: false }), { before: joined });
    const back = await bench.stored(person('ada'), { before: left });
    expect(back.state).toBe('provisioned');
    expect(groupOf(bench)).toBe('Default Group');
    expect(bench.simulator.agents()).toHaveLength(1);
  });

  it('is left alone where the tenant ignores deactivation', async () => {
    const bench = provisionBench({ tenant: { lifecycle: lifecycle({ onDeactivate: 'ignore' }) } });
    const before = await bench.stored(person('ada'));
    await bench.stored(person('ada', { active: false }), { before });
    expect(groupOf(bench)).toBe('Default Group');
  });

  it('who was deleted after having worked is suspended, and deleted only where the tenant opted in', async () => {
    for (const [onDelete, expected] of [
      ['suspend', 1],
      ['remove', 0],
    ] as const) {
      const bench = provisionBench({ tenant: { lifecycle: lifecycle({ onDelete }) } });
      const before = await bench.stored(person('ada'));
      bench.clock.advance(60 * 60_000);
      const record = await bench.stored(person('ada'), { before, deleted: true });
      expect(record.state).toBe(onDelete === 'suspend' ? 'suspended' : 'removed');
      expect(record.eraseAt).toBeDefined();
      expect(bench.simulator.agents()).toHaveLength(expected);
      expect(await bench.directory.countPersons('demo')).toBe(0);
    }
  });

  it('who was here for a connection test leaves nothing behind', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('test'));
    const calls = await callsOf(bench, () => bench.stored(person('test'), { before, deleted: true }));
    expect(calls).toEqual({ [LOOK_UP]: 1, [DELETE]: 1 });
    expect(bench.simulator.agents()).toEqual([]);
  });

  it('is suspended although SmartAssist refuses at first', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    bench.simulator.setBehaviour({ faults: [{ on: PUT, kind: 'status', status: 400, times: 1 }] });
    const record = await bench.stored(person('ada', { active: false }), { before });
    expect(record.state).toBe('failed');
    expect(record.person.active).toBe(false);
  });
});

function lifecycle(changes: object) {
  const { lifecycle: demo } = provisionBench().provisioning.tenant;
  return { ...demo, ...changes };
}

describe('history', () => {
  it('says what happened, why, and which calls it took, without values or secrets', async () => {
    const bench = provisionBench();
    const before = await bench.stored(
      person('ada', { phoneNumbers: [{ value: '+49 30 1234567', type: 'work' }] }),
    );
    bench.clock.advance(1_000);
    const record = await bench.stored(person('ada', { active: false }), { before });
    const { entries } = await bench.directory.listHistory('demo', record.id, { limit: 10 });
    expect(entries).toMatchObject([
      { what: 'suspended', calls: ['GET /agents/customId', GET, PUT] },
      { what: 'created', source: 'test', calls: [CREATE], reasons: { agentGroup: ['everyone (set)'] } },
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/1234567|turn-secret|client secret|eyJ/);
  });
});

describe('the audit', () => {
  const renamed = person('ada', { name: { givenName: 'Augusta', familyName: 'King' } });
  const audited = async (bench: ProvisionBench) => {
    const { entries } = await bench.directory.listHistory('demo', AGENT_CHANGES, { limit: 10 });
    return entries.map(({ what }) => what);
  };

  it('has no change of an agent that was found as it should be', async () => {
    const bench = provisionBench();
    const before = await bench.stored(person('ada'));
    const [agent] = bench.simulator.agents();
    bench.simulator.editAgent(agent?.id ?? '', { firstName: 'Augusta', lastName: 'King' });
    expect((await bench.stored(renamed, { before })).state).toBe('provisioned');
    expect(await audited(bench)).toEqual(['created']);
  });

  it('has the change of a call whose outcome was learned by looking', async () => {
    const bench = provisionBench({ behaviour: { faults: [{ on: PUT, kind: 'drop-after', times: 1 }] } });
    const before = await bench.stored(person('ada'));
    await bench.stored(renamed, { before });
    await bench.settled();
    expect(bench.simulator.agents()).toMatchObject([{ firstName: 'Augusta' }]);
    expect(await audited(bench)).toEqual(['updated', 'created']);
  });

  it('has no deletion of an agent that an administrator has deleted before, whose history says so', async () => {
    const bench = provisionBench({ tenant: { lifecycle: lifecycle({ onDelete: 'remove' }) } });
    const joined = await bench.stored(person('ada'));
    // With its first change the agent's id is known.
    const before = await bench.stored(renamed, { before: joined });
    const terms = { urgency: 'interactive', deadline: bench.clock.now() + 10_000 } as const;
    await bench.provisioning.client.deleteAgent(before.agent.agentId ?? '', terms);
    bench.clock.advance(60 * 60_000);
    const gone = await bench.stored(person('ada'), { before, deleted: true });
    expect(gone.state).toBe('removed');
    expect(await audited(bench)).toEqual(['updated', 'created']);
    const { entries } = await bench.directory.listHistory('demo', gone.id, { limit: 1 });
    expect(entries).toMatchObject([{ what: 'removed', message: 'SmartAssist had no such agent any more' }]);
  });
});

describe('what is logged', () => {
  it('has no phone number, no secret, no token and no TURN credential in it', async () => {
    const bench = provisionBench({
      behaviour: { faults: [{ on: PUT, kind: 'status', status: 400, times: 1 }] },
    });
    const phone = { phoneNumbers: [{ value: '+49 30 1234567', type: 'work' }] };
    const before = await bench.stored(person('ada', phone));
    await bench.arrive(person('ada', { ...phone, name: { givenName: 'A', familyName: 'B' } }), { before });
    await bench.stored(person('ada', { ...phone, active: false }), { before: await bench.read(before) });
    expect(bench.logged.length).toBeGreaterThan(1);
    expect(bench.logged.join('\n')).not.toMatch(/4930|1234567|turn-secret|client secret|eyJ/);
  });
});

describe('who comes back after the data was erased', () => {
  const NUMBER = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
  const numbered = (name: string) => person(name, { [NUMBER]: { employeeNumber: 'E17' } });
  const bench = () =>
    provisionBench({
      tenant: { agent: { ...demoTenant().agent, customId: { from: `${NUMBER}:employeeNumber` } } },
    });

  it('with the same number as Custom ID and another address gets the agent that is there', async () => {
    const opened = bench();
    const before = await opened.stored(numbered('ada'));
    opened.clock.advance(60 * 60_000);
    const gone = await opened.stored(numbered('ada'), { before, deleted: true });
    expect(gone.state).toBe('suspended');
    opened.clock.advance(31 * 86_400_000);
    expect(await eraseExpired(opened.services, 'demo')).toBe(1);
    const back = await opened.stored(numbered('countess'));
    expect(back.state).toBe('provisioned');
    expect(opened.simulator.agents()).toMatchObject([{ customId: 'E17', emailId: 'countess@example.com' }]);
  });

  it('is looked for by a call only where an agent of an erased person is there', async () => {
    const opened = bench();
    expect(await callsOf(opened, () => opened.stored(numbered('ada')))).toEqual({ [CREATE]: 1 });
  });
});
