import { describe, expect, it } from 'vitest';
import { confirmPending, listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import type { AuthenticatedEvent } from '../../functions/events/event.ts';
import { type PendingBody, pendingBodyOf } from '../../functions/events/pending.ts';
import { effectsOf } from '../../functions/events/person/effect.ts';
import { effectText } from '../../functions/operate/effect-text.ts';
import type { TenantConfiguration } from '../../functions/tenant/configuration.ts';
import { demoTenant } from '../mapping/demo.ts';
import type { Hooks } from '../webhook/hooks.ts';
import { openWith, standard, unsigned } from './story.ts';

const ADA = {
  externalId: 'E-1',
  userName: 'ada@example.com',
  title: 'Agent',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [{ value: 'ada@example.com', type: 'work', primary: true }],
};
const TENANT = { provisionWhen: 'title eq "Agent" and not (active eq false)' };
const CONFIGURATION = { ...demoTenant(), ...TENANT } as TenantConfiguration;

async function waiting(hooks: Hooks) {
  const { events: pending } = await listAwaitingConfirmation(hooks.services, 'demo', { limit: 5 });
  const [first] = pending;
  if (first === undefined) throw new Error('nothing waits');
  return effectsOf(hooks.services, 'demo', CONFIGURATION, pendingBodyOf(first));
}

const open = () =>
  openWith({ bus: { preset: 'cloudevents' }, hr: { preset: 'standard-webhooks' } }, { tenant: TENANT });

describe('what an event that waits would do', () => {
  it.each([
    ['a leaver', 'user.deactivated', ADA, [{ does: 'suspend' }]],
    [
      'one who is deleted within the time of a connection test',
      'user.deleted',
      ADA,
      [{ does: 'delete', undoUntil: expect.stringMatching(/^2026-11-23T10:1\d:.*Z$/) }],
    ],
    [
      'a change out of provisionWhen',
      'user.updated',
      { ...ADA, title: 'Visitor' },
      [{ does: 'suspend' }, { does: 'change', attributes: ['title'] }],
    ],
    [
      'another userName',
      'user.updated',
      { ...ADA, userName: 'countess@example.com' },
      [{ does: 'rename', userName: 'countess@example.com' }],
    ],
    [
      'another address',
      'user.updated',
      { ...ADA, emails: [{ value: 'mallory@example.com' }] },
      [{ does: 'change', attributes: ['emails'] }],
    ],
  ])('%s', async (_, type, person, effects) => {
    const hooks = open();
    await unsigned('bus', 'user.created', ADA, 50)(hooks);
    await hooks.settle();
    const before = await hooks.stored();
    await unsigned('bus', type, person, 40)(hooks);
    expect(await waiting(hooks)).toEqual(effects);
    // Foreseeing it changes nothing.
    expect(await hooks.stored()).toEqual(before);
  });

  it.each([
    [
      'a moment',
      9,
      0,
      /^the person is deleted: until \S+Z the agent is deleted in SmartAssist if it was never/,
    ],
    ['ten minutes', 11, 1, /^the person is deleted: the agent goes out of service \(onDelete: suspend\)$/],
  ])(
    'a deletion does to the agent what is said of it, %s after it was made',
    async (_, minutes, left, said) => {
      const hooks = open();
      await unsigned('bus', 'user.created', ADA, 50)(hooks);
      await hooks.settle();
      expect(hooks.simulator.agents()).toHaveLength(1);
      await unsigned('bus', 'user.deleted', ADA, 40)(hooks);
      hooks.clock.advance(minutes * 60_000);
      const [effect] = await waiting(hooks);
      expect(effect && effectText(effect, CONFIGURATION.lifecycle)).toMatch(said);
      const { events } = await listAwaitingConfirmation(hooks.services, 'demo', { limit: 1 });
      await confirmPending(hooks.services, 'demo', events[0]?.id ?? '', CONFIGURATION);
      await hooks.settle();
      expect(hooks.simulator.agents()).toHaveLength(left);
    },
  );

  const event = (changes: Partial<AuthenticatedEvent>): PendingBody => ({
    do: 'confirm',
    event: {
      kind: 'upsert',
      type: 'test',
      subject: { id: 'E-1' },
      completeness: 'full',
      occurredAt: new Date().toISOString(),
      source: 'hr',
      trust: 'signed',
      ...changes,
    },
    attempts: 0,
    since: '2026-11-23T10:00:00Z',
  });

  it('is known of who is not known, comes back, or changes groups', async () => {
    const hooks = open();
    const of = (body: PendingBody) => effectsOf(hooks.services, 'demo', CONFIGURATION, body);
    expect(await of(event({ kind: 'suspend' }))).toEqual([{ does: 'nobody' }]);
    expect(await of(event({ person: ADA }))).toEqual([{ does: 'make' }]);
    await standard('hr', 'user.created', ADA, 50)(hooks);
    const group = { id: 'g-1', display: 'Billing' };
    expect(await of(event({ kind: 'assign', group }))).toEqual([{ does: 'join', group: 'Billing' }]);
    expect(await of(event({ kind: 'unassign', group }))).toEqual([{ does: 'leave', group: 'Billing' }]);
    expect(await of({ ...event({ completeness: 'thin' }), do: 'fetch' })).toEqual([{ does: 'read' }]);
    expect(await of(event({ person: ADA, occurredAt: '2020-01-01T00:00:00Z' }))).toEqual([
      { does: 'nothing' },
    ]);
    expect(await of(event({ person: { ...ADA, name: 'Ada' } }))).toMatchObject([{ does: 'fail' }]);
    await standard('hr', 'user.deactivated', ADA, 40)(hooks);
    expect(await of(event({ kind: 'resume' }))).toEqual([{ does: 'return' }]);
  });
});
