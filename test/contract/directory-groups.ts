import { expect, it } from 'vitest';
import { aGroup, type DirectoryUnderTest, next } from './directory.ts';

export function directoryGroups(test: DirectoryUnderTest): void {
  const ids = async (attribute: 'displayName' | 'externalId', value: string) =>
    (await test.directory.findGroup(test.tenant, { attribute, value })).map(({ id }) => id);

  it('are returned as they were stored, to their own tenant only', async () => {
    const { directory, tenant } = test;
    const record = aGroup(tenant, 'g', { externalId: 'x', more: ['any', 1] });
    expect(await directory.createGroup(record)).toEqual({ ok: true });
    expect(await directory.readGroup(tenant, 'g')).toEqual(record);
    expect(await directory.readGroup(`${tenant}x`, 'g')).toBeUndefined();
    expect(await directory.readGroup(tenant, '')).toBeUndefined();
  });

  it('are found by name in any case and by externalId to the letter; names need not be unique', async () => {
    const { directory, tenant } = test;
    const group = { displayName: 'Contact Centre', externalId: 'X' };
    for (const id of ['b', 'a']) await directory.createGroup(aGroup(tenant, id, group));
    await directory.createGroup(aGroup(tenant, 'c', { displayName: 'Contact Centre 2' }));
    expect(await ids('displayName', 'contact CENTRE')).toEqual(['a', 'b']);
    expect(await ids('externalId', 'X')).toEqual(['a', 'b']);
    expect(await ids('externalId', 'x')).toEqual([]);
  });

  it('refuse an id that is taken', async () => {
    const { directory, tenant } = test;
    await directory.createGroup(aGroup(tenant, 'g'));
    const again = await directory.createGroup(aGroup(tenant, 'g', { displayName: 'Other' }));
    expect(again).toEqual({ ok: false, reason: 'conflict', conflict: 'id', id: 'g' });
    expect(await ids('displayName', 'Other')).toEqual([]);
    expect(await directory.countGroups(tenant)).toBe(1);
  });

  it('move their keys when they change, and refuse an update of what is not there any more', async () => {
    const { directory, tenant } = test;
    const before = aGroup(tenant, 'g', { displayName: 'Old', externalId: '1' });
    const after = next(before, { group: { displayName: 'New', externalId: '1' } });
    await directory.createGroup(before);
    expect(await directory.updateGroup(before, after)).toEqual({ ok: true });
    expect([await ids('displayName', 'old'), await ids('displayName', 'new')]).toEqual([[], ['g']]);
    expect(await ids('externalId', '1')).toEqual(['g']);
    const late = await directory.updateGroup(before, next(before));
    expect(late).toEqual({ ok: false, reason: 'changed', current: after });
  });

  it('are erased with their memberships, if nobody changed them', async () => {
    const { directory, tenant } = test;
    const before = aGroup(tenant, 'g', { displayName: 'Old' });
    const after = next(before);
    await directory.createGroup(before);
    const members = Array.from({ length: 120 }, (_, i) => ({ value: `m${i}` }));
    await directory.addMembers(tenant, 'g', members);
    await directory.updateGroup(before, after);
    const late = await directory.eraseGroup(before);
    expect(late).toEqual({ ok: false, reason: 'changed', current: after });
    expect(await directory.countMembers(tenant, 'g')).toBe(120);
    expect(await directory.eraseGroup(after)).toEqual({ ok: true });
    expect(await directory.readGroup(tenant, 'g')).toBeUndefined();
    expect(await ids('displayName', 'Old')).toEqual([]);
    expect(await directory.listMembers(tenant, 'g', { limit: 9 })).toEqual({ members: [] });
    expect([await directory.countMembers(tenant, 'g'), await directory.countGroups(tenant)]).toEqual([0, 0]);
    expect(await directory.groupsOf(tenant, 'm0')).toEqual([]);
    expect(await directory.eraseGroup(after)).toEqual({ ok: true });
    expect(await directory.countGroups(tenant)).toBe(0);
  });

  it('are listed by id in pages that leave none out, and counted', async () => {
    const { directory, tenant } = test;
    for (const id of ['c', 'a', 'b']) await directory.createGroup(aGroup(tenant, id));
    const first = await directory.listGroups(tenant, { limit: 2 });
    expect(first.groups.map(({ id }) => id)).toEqual(['a', 'b']);
    const second = await directory.listGroups(tenant, { limit: 2, after: first.next ?? '' });
    expect(second).toEqual({ groups: [aGroup(tenant, 'c')] });
    expect(await directory.countGroups(tenant)).toBe(3);
  });
}
