import { expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { aPerson, type DirectoryUnderTest, next } from './directory.ts';

/** An agent of a SmartAssist account has one person at the most, in whichever tenant. */
export function directoryAgentHolders(test: DirectoryUnderTest): void {
  const account = () => `account:of ${test.tenant}`;
  const holding = (record: PersonRecord, agentId: string, of = account()): PersonRecord =>
    next(record, { agent: { ...record.agent, agentId, account: of } });
  const made = async (id: string, tenant = test.tenant) => {
    const record = aPerson(tenant, id);
    await test.directory.createPerson(record);
    return record;
  };

  it('is kept with the record that names it, and has no holder before', async () => {
    const { directory, tenant } = test;
    const ada = await made('ada');
    expect(await directory.agentHolder(account(), 'a-1')).toBeUndefined();
    expect(await directory.updatePerson(ada, holding(ada, 'a-1'))).toEqual({ ok: true });
    expect(await directory.agentHolder(account(), 'a-1')).toEqual({ tenant, id: 'ada' });
    expect(await directory.agentHolder(`${account()}x`, 'a-1')).toBeUndefined();
  });

  it('is refused to a second person, who is told the holder, and nothing is written', async () => {
    const { directory, tenant } = test;
    const [ada, bob] = [await made('ada'), await made('bob')];
    await directory.updatePerson(ada, holding(ada, 'a-1'));
    expect(await directory.updatePerson(bob, holding(bob, 'a-1'))).toEqual({
      ok: false,
      reason: 'held',
      holder: { tenant, id: 'ada' },
    });
    expect(await directory.readPerson(tenant, 'bob')).toEqual(bob);
    expect(await directory.createPerson(holding(aPerson(tenant, 'eve'), 'a-1'))).toMatchObject({
      ok: false,
      reason: 'held',
    });
    expect(await directory.readPerson(tenant, 'eve')).toBeUndefined();
  });

  it('goes to one of two who ask at the same time, and to one tenant of an account', async () => {
    const { directory, tenant } = test;
    const all = [await made('ada'), await made('bob'), await made('ada', `${tenant}b`)];
    const results = await Promise.all(
      all.map((record) => directory.updatePerson(record, holding(record, 'a-1'))),
    );
    expect(results.filter(({ ok }) => ok)).toHaveLength(1);
    const winner = all[results.findIndex(({ ok }) => ok)];
    expect(await directory.agentHolder(account(), 'a-1')).toEqual({ tenant: winner?.tenant, id: winner?.id });
    const other = holding(await made('eve', `${tenant}b`), 'a-1', `${account()} other`);
    expect(await directory.updatePerson(aPerson(`${tenant}b`, 'eve'), other)).toEqual({ ok: true });
  });

  it('is free again when its record names another, none, or is erased', async () => {
    const { directory } = test;
    let ada = await made('ada');
    const become = async (after: PersonRecord) => {
      expect(await directory.updatePerson(ada, after)).toEqual({ ok: true });
      ada = after;
    };
    await become(holding(ada, 'a-1'));
    await become(holding(ada, 'a-2'));
    expect(await directory.agentHolder(account(), 'a-1')).toBeUndefined();
    expect(await directory.agentHolder(account(), 'a-2')).toMatchObject({ id: 'ada' });
    await become(next(ada, { agent: { customId: 'ada', presence: 'none' } }));
    expect(await directory.agentHolder(account(), 'a-2')).toBeUndefined();
    await become(holding(ada, 'a-3'));
    await directory.erasePerson(ada);
    expect(await directory.agentHolder(account(), 'a-3')).toBeUndefined();
  });

  it('is not kept for a record that names it without an account, as version 0.1.0 wrote them', async () => {
    const { directory } = test;
    const ada = await made('ada');
    const named = next(ada, { agent: { ...ada.agent, agentId: 'a-1' } });
    expect(await directory.updatePerson(ada, named)).toEqual({ ok: true });
    expect(await directory.agentHolder(account(), 'a-1')).toBeUndefined();
    expect(await directory.updatePerson(named, holding(named, 'a-1'))).toEqual({ ok: true });
    expect(await directory.agentHolder(account(), 'a-1')).toMatchObject({ id: 'ada' });
  });

  it('can be freed from a holder that is named, and from no other', async () => {
    const { directory, tenant } = test;
    const ada = await made('ada');
    await directory.updatePerson(ada, holding(ada, 'a-1'));
    await directory.freeAgent(account(), 'a-1', { tenant, id: 'bob' });
    expect(await directory.agentHolder(account(), 'a-1')).toMatchObject({ id: 'ada' });
    await directory.freeAgent(account(), 'a-1', { tenant, id: 'ada' });
    expect(await directory.agentHolder(account(), 'a-1')).toBeUndefined();
  });

  it('has records listed that were deleted, where all are asked for', async () => {
    const { directory, tenant } = test;
    await made('ada');
    await directory.createPerson(aPerson(tenant, 'bob', { deletedAt: '2030-01-02T00:00:00.000Z' }));
    await made('eve');
    const ids = ({ persons }: { persons: PersonRecord[] }) => persons.map(({ id }) => id);
    expect(ids(await directory.listPersons(tenant, { limit: 9 }))).toEqual(['ada', 'eve']);
    const page = await directory.listRecords(tenant, { limit: 2 });
    expect(ids(page)).toEqual(['ada', 'bob']);
    expect(ids(await directory.listRecords(tenant, { limit: 2, after: page.next ?? '' }))).toEqual(['eve']);
  });
}
