import { describe, expect, it } from 'vitest';
import type { LinkState } from '../../../functions/directory/record.ts';
import type { PersonEvent } from '../../../functions/events/event.ts';
import { isNewer, markOf, profileMark, scopeMark, statusMark } from '../../../functions/events/order.ts';
import { activeIn, scopeWordOf, statusWordOf, withStatus } from '../../../functions/events/person/status.ts';

const [EARLY, NOON, LATE] = [
  '2026-11-20T08:00:00.000Z',
  '2026-11-20T12:00:00.000Z',
  '2026-11-20T20:00:00.000Z',
];
const event = (changes: Partial<PersonEvent>): PersonEvent => ({
  kind: 'upsert',
  type: 'user.updated',
  subject: { id: '1' },
  completeness: 'partial',
  occurredAt: NOON,
  ...changes,
});
const group = { id: 'g1' };
const statusAfter = (known: LinkState, changes: Partial<PersonEvent>) => withStatus(known, event(changes));

describe('what was said later', () => {
  it('counts by the count of the source where both have one, whatever the clock says', () => {
    expect(isNewer({ at: EARLY, sequence: 12 }, { at: LATE, sequence: 9 })).toBe(true);
    expect(isNewer({ at: LATE, sequence: 9 }, { at: EARLY, sequence: 12 })).toBe(false);
    expect(isNewer({ at: EARLY, sequence: 9 }, { at: LATE, sequence: 9 })).toBe(true);
  });

  it('counts by the clock else, and the same time is late enough', () => {
    expect(isNewer({ at: LATE, sequence: 1 }, { at: NOON })).toBe(true);
    expect(isNewer({ at: EARLY }, { at: NOON, sequence: 1 })).toBe(false);
    expect(isNewer({ at: NOON }, { at: NOON })).toBe(true);
    // Clocks write the same time in more than one way.
    expect(isNewer({ at: '2026-11-20T13:00:00+01:00' }, { at: NOON })).toBe(true);
  });

  it('is what has no time, and all where there is nothing to compare with', () => {
    expect(isNewer({}, undefined)).toBe(true);
    expect(isNewer({}, { at: LATE })).toBe(true);
    expect(isNewer({ at: EARLY }, {})).toBe(true);
    expect(isNewer({ at: EARLY }, { at: '' })).toBe(true);
    expect(isNewer({ sequence: 1 }, { at: LATE })).toBe(true);
  });

  it('is marked by time, by count, or by both', () => {
    expect(markOf({ occurredAt: NOON, sequence: 3 })).toEqual({ at: NOON, sequence: 3 });
    expect(markOf({})).toEqual({});
    const marks = [profileMark, statusMark, scopeMark] as const;
    expect(marks.map((mark) => mark({}))).toEqual([undefined, undefined, undefined]);
    const at = { profileAt: EARLY, statusAt: NOON, scopeAt: LATE };
    expect(marks.map((mark) => mark(at))).toEqual([{ at: EARLY }, { at: NOON }, { at: LATE }]);
    const counted = { profileSequence: 1, statusSequence: 2, scopeSequence: 3 };
    expect(marks.map((mark) => mark(counted))).toEqual([{ sequence: 1 }, { sequence: 2 }, { sequence: 3 }]);
    // The one count of version 0.1.0 is that of what has a time.
    expect(marks.map((mark) => mark({ sequence: 7, profileAt: EARLY }))).toEqual([
      { at: EARLY, sequence: 7 },
      undefined,
      undefined,
    ]);
    expect(statusMark({ sequence: 7, statusAt: NOON })).toEqual({ at: NOON, sequence: 7 });
    expect(statusMark({ sequence: 7, statusAt: NOON, statusSequence: 9 })).toEqual({ at: NOON, sequence: 9 });
  });
});

describe('what an event says about being in service', () => {
  it.each([
    [{ kind: 'remove' }, 'gone'],
    [{ kind: 'suspend' }, 'out'],
    [{ kind: 'resume' }, 'in'],
    [{ kind: 'assign' }, 'in'],
    [{ kind: 'unassign' }, 'out'],
    [{ kind: 'assign', group }, undefined],
    [{ kind: 'unassign', group }, undefined],
    [{ person: { active: true } }, 'in'],
    [{ person: { active: false } }, 'out'],
    [{ person: { title: 'Lead' } }, undefined],
    [{ person: { title: 'Lead' }, completeness: 'full' }, 'there'],
    [{ person: { active: 'odd' }, completeness: 'full' }, 'there'],
    [{ completeness: 'full' }, undefined],
    [{ operations: [{ op: 'replace', path: 'active', value: false }], person: { active: true } }, 'out'],
    [{ operations: [{ op: 'replace', path: 'title', value: 'x' }], person: { active: true } }, undefined],
  ] as const)('%j: %s', (changes, word) => {
    expect(statusWordOf(event(changes))).toBe(word);
  });

  it.each([
    [[{ op: 'replace', path: 'active', value: false }], false],
    [[{ op: 'Add', path: 'ACTIVE', value: 'True' }], true],
    [[{ op: 'add', path: 'active', value: 'FALSE' }], false],
    [[{ op: 'replace', path: 'urn:ietf:params:scim:schemas:core:2.0:User:active', value: true }], true],
    [[{ op: 'replace', value: { title: 'x', Active: false } }], false],
    [
      [
        { op: 'replace', path: 'active', value: false },
        { op: 'replace', path: 'active', value: true },
      ],
      true,
    ],
    [
      [
        { op: 'replace', path: 'active', value: true },
        { op: 'replace', path: 'title', value: 'x' },
      ],
      true,
    ],
    // What takes the attribute away says neither yes nor no.
    [[{ op: 'Remove', path: 'active', value: false }], undefined],
    [[{ op: 'replace', path: 'inactive', value: false }], undefined],
    [[{ op: 'replace', path: 'active.since', value: false }], undefined],
    [[{ op: 'replace', path: 'urn:other:active', value: false }], undefined],
    [[{ op: 'replace', path: 'active', value: 'falsely' }], undefined],
    [[{ op: 'replace', path: 'active', value: 'not false' }], undefined],
    [[{ op: 'replace', path: 'active', value: 0 }], undefined],
    [[{ op: 'replace', value: 'active' }], undefined],
    [['odd', null], undefined],
    [[], undefined],
    ['odd', undefined],
  ])('PATCH operations %j: %s', (operations, active) => {
    expect(activeIn(operations)).toBe(active);
  });

  it.each([
    [{ kind: 'assign' }, true],
    [{ kind: 'unassign' }, false],
    [{ kind: 'assign', group }, undefined],
    [{ kind: 'unassign', group, isInScope: true }, true],
    [{ isInScope: false }, false],
    [{ kind: 'remove' }, undefined],
  ] as const)('and about the scope, %j: %s', (changes, isInScope) => {
    expect(scopeWordOf(event(changes))).toBe(isInScope);
  });
});

describe('the status of an account', () => {
  it('is that of the newest word, and nothing by an older one', () => {
    expect(statusAfter({}, { kind: 'suspend' })).toEqual({ statusAt: NOON, out: { since: NOON } });
    expect(statusAfter({ statusAt: EARLY, out: { since: EARLY } }, { kind: 'resume' })).toEqual({
      statusAt: NOON,
    });
    expect(statusAfter({ statusAt: LATE, out: { since: LATE } }, { kind: 'resume' })).toBeUndefined();
    expect(statusAfter({ statusAt: LATE }, { kind: 'suspend' })).toBeUndefined();
    expect(statusAfter({ statusSequence: 5 }, { kind: 'suspend', sequence: 6 })).toEqual({
      statusAt: NOON,
      statusSequence: 6,
      out: { since: NOON },
    });
  });

  it('stays that of a deleted one when it is suspended as well', () => {
    const gone = { since: EARLY, gone: true } as const;
    expect(statusAfter({ statusAt: EARLY, out: gone }, { kind: 'suspend' })).toEqual({
      statusAt: NOON,
      out: gone,
    });
  });

  it('is deleted since it went out, also where that was said later', () => {
    expect(statusAfter({}, { kind: 'remove' })).toEqual({ statusAt: NOON, out: { since: NOON, gone: true } });
    const late = { statusAt: LATE, out: { since: LATE } };
    expect(statusAfter(late, { kind: 'remove' })).toEqual({
      statusAt: LATE,
      out: { since: LATE, gone: true },
    });
  });

  it('is not deleted by what is older than a return, or than the attributes', () => {
    expect(statusAfter({ statusAt: LATE }, { kind: 'remove' })).toBeUndefined();
    expect(statusAfter({ profileAt: LATE }, { kind: 'remove' })).toBeUndefined();
    expect(statusAfter({ profileAt: LATE, out: { since: EARLY } }, { kind: 'remove' })).toBeUndefined();
  });

  it('is no longer deleted where the source has the person again', () => {
    const whole = { completeness: 'full', person: { title: 'Lead' } } as const;
    const gone = { since: EARLY, gone: true } as const;
    expect(statusAfter({ statusAt: EARLY, out: gone }, whole)).toEqual({ statusAt: EARLY });
    expect(statusAfter({ statusAt: LATE, out: { ...gone, since: LATE } }, whole)).toBeUndefined();
    // It says nothing of a suspension.
    expect(statusAfter({ statusAt: EARLY, out: { since: EARLY } }, whole)).toBeUndefined();
    expect(statusAfter({ statusAt: EARLY }, whole)).toBeUndefined();
  });

  it('is as it was where the event says nothing of it', () => {
    expect(
      statusAfter({ statusAt: EARLY, out: { since: EARLY } }, { person: { title: 'Lead' } }),
    ).toBeUndefined();
  });
});

describe("the source's scope", () => {
  it('leaves a person out since the first word that says so', () => {
    expect(statusAfter({}, { kind: 'unassign' })).toEqual({ scopeAt: NOON, unassigned: { since: NOON } });
    const out = { scopeAt: EARLY, unassigned: { since: EARLY } };
    expect(statusAfter(out, { kind: 'unassign' })).toEqual({ scopeAt: NOON, unassigned: { since: EARLY } });
    expect(statusAfter({ scopeAt: LATE }, { kind: 'unassign' })).toBeUndefined();
    expect(statusAfter({ scopeSequence: 3 }, { kind: 'unassign', sequence: 4 })).toEqual({
      scopeAt: NOON,
      scopeSequence: 4,
      unassigned: { since: NOON },
    });
  });

  it('of the configuration is told from a word of the source', () => {
    expect(statusAfter({}, { isInScope: false, needsScope: true })).toEqual({
      scopeAt: NOON,
      unassigned: { since: NOON, byScope: true },
    });
  });

  it('has a person again by a newer word', () => {
    const out = { scopeAt: EARLY, unassigned: { since: EARLY } };
    expect(statusAfter(out, { kind: 'assign' })).toEqual({ scopeAt: NOON });
    expect(statusAfter(out, { isInScope: true })).toEqual({ scopeAt: NOON });
    expect(statusAfter({ ...out, scopeAt: LATE }, { kind: 'assign' })).toBeUndefined();
  });

  it('brings nobody back whose account is out of service', () => {
    const out = { since: EARLY };
    const left = { statusAt: EARLY, out, scopeAt: EARLY, unassigned: { since: EARLY } };
    expect(statusAfter(left, { kind: 'assign' })).toEqual({ statusAt: EARLY, out, scopeAt: NOON });
    expect(statusAfter({ statusAt: EARLY, out, scopeAt: EARLY }, { kind: 'assign' })).toEqual({
      statusAt: EARLY,
      out,
      scopeAt: NOON,
    });
  });

  it('brings back by an assignment whom version 0.1.0 took out by an unassignment', () => {
    expect(statusAfter({ statusAt: EARLY, out: { since: EARLY } }, { kind: 'assign' })).toEqual({
      statusAt: EARLY,
      scopeAt: NOON,
    });
    const late = { statusAt: LATE, out: { since: LATE } };
    expect(statusAfter(late, { kind: 'assign' })).toEqual({ ...late, scopeAt: NOON });
  });

  it('that is no longer configured leaves nobody out', () => {
    const byScope = { scopeAt: EARLY, unassigned: { since: EARLY, byScope: true } } as const;
    const word = { isUnscoped: true, completeness: 'full', person: {} } as const;
    expect(statusAfter(byScope, word)).toEqual({ scopeAt: NOON });
    // An assignment that the source itself took away is another matter.
    const said = { scopeAt: EARLY, unassigned: { since: EARLY } };
    expect(statusAfter(said, word)).toBeUndefined();
    expect(statusAfter(byScope, { person: {}, completeness: 'full' })).toBeUndefined();
  });

  it('and the account are both noted where one event says both', () => {
    expect(statusAfter({}, { isInScope: false, person: { active: false } })).toEqual({
      scopeAt: NOON,
      unassigned: { since: NOON },
      statusAt: NOON,
      out: { since: NOON },
    });
    expect(statusAfter({ statusAt: LATE }, { isInScope: true, person: { active: false } })).toEqual({
      statusAt: LATE,
      scopeAt: NOON,
    });
  });
});
