import { describe, expect, it } from 'vitest';
import {
  bad,
  eventItem,
  eventOfGroup,
  gone,
  ignored,
  isLeaver,
  type PersonEvent,
  thinItem,
  verified,
} from '../../functions/events/event.ts';
import { kindOf } from '../../functions/events/kind.ts';

const EVENT: PersonEvent = { kind: 'upsert', type: 'user.updated', subject: {}, completeness: 'full' };
const group = { id: 'g1', display: 'Tours' };

describe('an item of a delivery', () => {
  it.each([{ id: '1' }, { userName: 'ada' }, { email: 'ada@example.com' }, { externalId: 'E-1' }])(
    'is an event as soon as its person has one name: %j',
    (subject) => {
      const event = { ...EVENT, subject };
      expect(eventItem(event)).toEqual({ kind: 'event', event });
    },
  );

  it('without any name is a bad one, and shows no more of its type than fits', () => {
    expect(eventItem({ ...EVENT, type: 't'.repeat(100) })).toEqual({
      kind: 'bad',
      reason: `An event of type ${'t'.repeat(60)} names nobody.`,
    });
  });

  it('that names its person by id alone has to be read', () => {
    expect(thinItem('remove', 'user.deleted', '1', { occurredAt: undefined, key: 'k' })).toEqual({
      kind: 'event',
      event: { kind: 'remove', type: 'user.deleted', subject: { id: '1' }, completeness: 'thin', key: 'k' },
    });
    expect(thinItem('upsert', 'user.updated', undefined).kind).toBe('bad');
  });

  it('that is nothing to do, not understood, or the end of the source, says what it was', () => {
    expect(ignored('ping')).toEqual({ kind: 'ignored', type: 'ping' });
    expect(ignored(undefined)).toEqual({ kind: 'ignored', type: 'unknown' });
    expect(bad('no')).toEqual({ kind: 'bad', reason: 'no' });
    expect(gone('dsync.deleted')).toEqual({ kind: 'source-gone', type: 'dsync.deleted' });
  });

  it('about a group itself is an event about no person', () => {
    const change = { type: 'group.renamed', group, occurredAt: '2026-11-01T00:00:00.000Z', key: 'k' };
    const event = { ...change, subject: {}, isOfGroup: true, completeness: 'full' };
    expect(eventOfGroup({ does: 'rename', ...change })).toEqual({ ...event, kind: 'upsert' });
    expect(eventOfGroup({ does: 'delete', ...change })).toEqual({ ...event, kind: 'remove' });
  });
});

describe('an event', () => {
  it.each([
    [{ kind: 'suspend' }, true],
    [{ kind: 'remove' }, true],
    [{ kind: 'unassign' }, true],
    [{ kind: 'unassign', group }, false],
    [{ kind: 'assign' }, false],
    [{ kind: 'resume' }, false],
    [{ kind: 'upsert' }, false],
    [{ kind: 'upsert', person: { active: false } }, true],
    [{ kind: 'upsert', person: { active: true } }, false],
    [{ kind: 'upsert', isInScope: false }, true],
    [{ kind: 'upsert', isInScope: true }, false],
    [{ kind: 'remove', isOfGroup: true, group }, false],
  ] as const)('%j takes its person out of service: %s', (event, isOut) => {
    expect(isLeaver(event)).toBe(isOut);
  });

  it('has a verified address only where the source says yes', () => {
    expect([verified(true), verified(false), verified(undefined)]).toEqual([
      { isEmailVerified: true },
      {},
      {},
    ]);
  });
});

describe('what a type of event means', () => {
  const table = { 'user.gone': 'remove', 'user.new': 'upsert' } as const;
  const settings = (events?: Record<string, string>) => ({ preset: 'x', ...(events && { events }) }) as never;

  it('is what the tenant says, else what it usually does, else nothing', () => {
    expect(kindOf(settings(), 'user.gone', table)).toBe('remove');
    expect(kindOf(settings({ 'user.gone': 'suspend' }), 'user.gone', table)).toBe('suspend');
    expect(kindOf(settings({ 'user.gone': 'suspend' }), 'user.new', table)).toBe('upsert');
    expect(kindOf(settings({ 'user.gone': 'ignore' }), 'user.gone', table)).toBeUndefined();
    for (const type of [undefined, 'user.other', 'toString', 'constructor'])
      expect(kindOf(settings({}), type, table)).toBeUndefined();
  });
});
