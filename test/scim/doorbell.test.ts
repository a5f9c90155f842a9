import { describe, expect, it } from 'vitest';
import { openNumbers } from '../runtime/numbers.ts';
import { type Answer, ada, openDoor } from './door.ts';

const GROUP = 'urn:ietf:params:scim:schemas:core:2.0:Group';
const PATCH = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

const patch = (...operations: object[]) => ({ body: { schemas: [PATCH], Operations: operations } });

/** Every way to write a User or a Group, each with the status it is answered with; by name, in order. */
async function writes(ring: () => Promise<void>) {
  const numbers = openNumbers();
  const door = openDoor({ services: () => ({ ring, metrics: numbers }) });
  const statuses: Record<string, number> = {};
  const note = async (name: string, answer: Promise<Answer>) => {
    const { status, body } = await answer;
    statuses[name] = status;
    return String(body.id);
  };
  const { send, create } = door;
  const user = ada();
  const id = await note('POST User', create(user));
  await note('PUT User', send('PUT', `/Users/${id}`, { body: ada({ title: 'Agent' }) }));
  const retitle = { op: 'replace', path: 'title', value: 'Senior' };
  await note('PATCH User', send('PATCH', `/Users/${id}`, patch(retitle)));

  const group = { schemas: [GROUP], displayName: 'Contact Centre Billing', members: [{ value: id }] };
  const groupId = await note('POST Group', send('POST', '/Groups', { body: group }));
  await note('POST Group once more', send('POST', '/Groups', { body: group }));
  const renamed = { ...group, displayName: 'Contact Centre Sales' };
  await note('PUT Group, a name', send('PUT', `/Groups/${groupId}`, { body: renamed }));
  await note('PUT Group, members', send('PUT', `/Groups/${groupId}`, { body: { ...renamed, members: [] } }));
  const add = { op: 'add', path: 'members', value: [{ value: id }] };
  await note('PATCH Group, a member', send('PATCH', `/Groups/${groupId}`, patch(add)));
  const rename = { op: 'replace', path: 'displayName', value: 'Contact Centre Support' };
  await note('PATCH Group, a name', send('PATCH', `/Groups/${groupId}`, patch(rename)));
  const remove = { op: 'remove', path: `members[value eq "${id}"]` };
  await note('PATCH Group, out', send('PATCH', `/Groups/${groupId}`, patch(remove)));
  await note('DELETE Group', send('DELETE', `/Groups/${groupId}`));
  await note('DELETE User', send('DELETE', `/Users/${id}`));
  return { statuses, numbers, logged: door.logged };
}

describe('a doorbell that fails', () => {
  it('changes no answer, since everything is stored', async () => {
    const heard = await writes(async () => {});
    const failed = await writes(async () => {
      throw new Error('the queue is away');
    });
    expect(failed.statuses).toEqual(heard.statuses);
    expect(heard.statuses).toMatchObject({ 'POST User': 201, 'POST Group': 201, 'DELETE Group': 204 });
    expect(failed.logged.join()).toContain('the queue is away');
  });

  it('is counted by tenant, once a ring', async () => {
    let rings = 0;
    const { numbers } = await writes(async () => {
      rings += 1;
      throw new Error('the queue is away');
    });
    expect(rings).toBeGreaterThan(4);
    expect(numbers.of('DoorbellFailed')).toEqual({ '': rings });
  });
});
