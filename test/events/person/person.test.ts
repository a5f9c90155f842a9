import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import { authorityOf } from '../../../functions/events/authority.ts';
import type { Attributes, AuthenticatedEvent } from '../../../functions/events/event.ts';
import { firstOf, nextOf } from '../../../functions/events/person/next.ts';
import { saidBy } from '../../../functions/events/person/profile.ts';
import { afterWord, type ScimWord } from '../../../functions/events/person/said-by-scim.ts';
import { keyPrefixOf, personWith, valuesOf } from '../../../functions/events/person/values.ts';
import type { Person } from '../../../functions/scim-core/person.ts';
import { AGENT_EXTENSION, ENTERPRISE_USER, USER } from '../../../functions/scim-core/schema.ts';
import { event, NOON } from '../bench.ts';

const [EARLY, LATE] = ['2026-11-20T08:00:00.000Z', '2026-11-20T20:00:00.000Z'];
const DEPARTMENT = `${ENTERPRISE_USER.id}:department`;

type Changes = Omit<Partial<PersonRecord>, 'person'> & { readonly person: object };
const record = (changes: Changes): PersonRecord => ({
  tenant: 'demo',
  id: '1',
  version: 2,
  personVersion: 1,
  createdAt: EARLY,
  updatedAt: EARLY,
  source: 'hr',
  state: 'provisioned',
  priority: 0,
  agent: { customId: 'c', presence: 'active' },
  attempts: { count: 0, unknown: false },
  links: { hr: { id: 'E-1', isMaker: true, profileAt: EARLY } },
  ...changes,
  person: { schemas: [USER.id], ...{ userName: 'ada', ...changes.person } },
});
const all = authorityOf(undefined);
const ranked = (authority: object, ...sources: string[]) =>
  authorityOf({ authority, sources: Object.fromEntries(sources.map((name) => [name, {}])) } as never);
const next = (known: PersonRecord, changes: Partial<AuthenticatedEvent>, authority = all) =>
  nextOf(known, event(changes), authority);
const whole = (person: Attributes, more: Partial<AuthenticatedEvent> = {}) =>
  ({ completeness: 'full', person, ...more }) as const;
const EMAIL = { value: 'ada@example.com', type: 'work', primary: true };

describe('the attributes of a person one by one', () => {
  const person = {
    schemas: [USER.id, ENTERPRISE_USER.id],
    id: '1',
    meta: {},
    groups: [],
    userName: 'ada',
    externalId: 'E-1',
    active: true,
    title: 'Lead',
    nickName: undefined,
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [EMAIL],
    [ENTERPRISE_USER.id]: { department: 'Tours' },
  };
  const values = {
    title: 'Lead',
    'name.givenName': 'Ada',
    'name.familyName': 'Lovelace',
    emails: [EMAIL],
    [DEPARTMENT]: 'Tours',
  };

  it('are those that sources are ordered by, and nothing of the person itself', () => {
    expect(valuesOf(person)).toEqual(values);
    expect(valuesOf({ name: 'odd' })).toEqual({ name: 'odd' });
  });

  it('make a person again, who keeps what is none of them', () => {
    const base = { ...person, title: 'Clerk', nickName: 'A', schemas: ['odd'] } as unknown as Person;
    const { nickName: _, ...same } = person;
    expect(personWith(base, values)).toEqual(same);
    expect(personWith(base, {})).toEqual({
      schemas: [USER.id],
      id: '1',
      meta: {},
      groups: [],
      userName: 'ada',
      externalId: 'E-1',
      active: true,
    });
  });

  it('are called by administrators as SCIM calls them', () => {
    const names = ['department', 'DEPARTMENT', DEPARTMENT, 'title', 'name.givenName', 'givenName', 'name'];
    expect(names.map(keyPrefixOf)).toEqual([
      DEPARTMENT,
      DEPARTMENT,
      DEPARTMENT,
      'title',
      'name.givenName',
      undefined,
      'name',
    ]);
    expect(['familyName', 'formatted', 'middleName'].map((sub) => keyPrefixOf(`name.${sub}`))).toEqual([
      'name.familyName',
      'name.formatted',
      'name.middleName',
    ]);
    expect(keyPrefixOf(AGENT_EXTENSION.id.toUpperCase())).toBe(AGENT_EXTENSION.id);
    expect(keyPrefixOf('shoeSize')).toBeUndefined();
  });
});

describe('what each source says of a person', () => {
  const known = record({
    person: { title: 'Lead', nickName: 'A' },
    links: { hr: { isMaker: true, said: { title: 'Clerk' } }, it: { said: { nickName: 'B' } }, other: {} },
    origins: { '*': 'hr', title: 'it' },
  });

  it('is what came from it, and what stands behind what came from others', () => {
    expect(Object.fromEntries(saidBy(known))).toEqual({
      hr: { title: 'Clerk', nickName: 'A' },
      it: { nickName: 'B', title: 'Lead' },
      other: {},
    });
  });
});

describe('a whole person', () => {
  it('takes the place of all that the source has said before', () => {
    const known = record({ person: { title: 'Clerk', nickName: 'A', name: { givenName: 'Ada' } } });
    const { person, links, saysNew, origins } = next(
      known,
      whole({ title: 'Lead', name: { familyName: 'L' } }),
    );
    expect(person).toEqual({ schemas: [USER.id], userName: 'ada', title: 'Lead', name: { familyName: 'L' } });
    expect(links).toEqual({ hr: { id: 'E-1', isMaker: true, profileAt: NOON } });
    expect([saysNew, origins]).toEqual([true, undefined]);
  });

  it('that is older says nothing', () => {
    const known = record({
      person: { title: 'Lead' },
      links: { hr: { id: 'E-1', isMaker: true, profileAt: LATE } },
    });
    const after = next(known, whole({ title: 'Clerk' }));
    expect([after.person.title, after.saysNew]).toEqual(['Lead', false]);
  });

  it('leaves what was said alone and later', () => {
    const marks = { title: { at: LATE }, nickName: { at: EARLY } };
    const links = { hr: { id: 'E-1', isMaker: true, profileAt: EARLY, marks } } as const;
    const known = record({ person: { title: 'Lead', nickName: 'A' }, links });
    const after = next(known, whole({ title: 'Clerk', nickName: 'B', userType: 'x' }));
    expect(after.person).toMatchObject({ title: 'Lead', nickName: 'B', userType: 'x' });
    expect(after.links.hr).toEqual({ ...links.hr, profileAt: NOON, marks: { title: { at: LATE } } });
    const cleared = next(record({ person: { title: 'Lead' }, links }), whole({ nickName: 'B' }));
    expect(cleared.person.title).toBe('Lead');
  });

  it('is counted where its source counts', () => {
    const links = { hr: { id: 'E-1', isMaker: true, profileSequence: 4 } } as const;
    const known = record({ person: { title: 'Clerk' }, links });
    expect(next(known, whole({ title: 'Lead' }, { sequence: 3 })).saysNew).toBe(false);
    expect(next(known, whole({ title: 'Lead' }, { sequence: 5 })).links.hr).toEqual({
      id: 'E-1',
      isMaker: true,
      profileAt: NOON,
      profileSequence: 5,
    });
  });

  it('is guessed only of who was made by the source, and only where it says nothing better', () => {
    const guess = { displayName: 'ada l', title: 'Guest' };
    const own = next(record({ person: {} }), whole({ title: 'Lead' }, { guess }));
    expect(own.person).toMatchObject({ title: 'Lead', displayName: 'ada l' });
    const other = next(record({ person: {} }), whole({ title: 'Lead' }, { guess, source: 'it' }));
    expect(other.person.displayName).toBeUndefined();
    const part = next(record({ person: {} }), { person: { title: 'Lead' }, guess });
    expect(part.person.displayName).toBeUndefined();
  });

  it('is named by the source that made the person alone', () => {
    const names = { userName: 'countess', externalId: 'E-2', title: 'Lead' };
    expect(next(record({ person: {} }), whole(names)).person).toMatchObject(names);
    const other = next(record({ person: {} }), whole(names, { source: 'it', subject: { id: '9' } }));
    expect([other.person.userName, other.person.externalId]).toEqual(['ada', undefined]);
    const old = record({ person: {}, links: { hr: { id: 'E-1', isMaker: true, profileAt: LATE } } });
    expect(next(old, whole(names)).person.userName).toBe('ada');
  });

  it('of values of another type is refused', () => {
    expect(() => next(record({ person: {} }), whole({ title: { not: 'a text' } }))).toThrow(/title/);
  });
});

describe('a change alone', () => {
  const known = record({
    person: {
      title: 'Clerk',
      name: { givenName: 'Ada', familyName: 'Byron' },
      emails: [EMAIL, { value: 'a@home.example', type: 'home' }],
    },
  });

  it('leaves what it does not name, and is marked by itself', () => {
    const { person, links } = next(known, { person: { name: { familyName: 'Lovelace' } } });
    expect(person).toMatchObject({ title: 'Clerk', name: { givenName: 'Ada', familyName: 'Lovelace' } });
    expect(links.hr).toEqual({
      id: 'E-1',
      isMaker: true,
      profileAt: EARLY,
      marks: { 'name.familyName': { at: NOON } },
    });
  });

  it('replaces the elements of its types, and one is primary at most', () => {
    const emailsAfter = (emails: object[]) => next(known, { person: { emails } }).person.emails;
    expect(emailsAfter([{ value: 'a@new.example', type: 'home', primary: true }])).toEqual([
      { value: 'a@new.example', type: 'home', primary: true },
      { value: 'ada@example.com', type: 'work' },
    ]);
    expect(emailsAfter([{ value: 'a@new.example', type: 'home' }])).toEqual([
      { value: 'a@new.example', type: 'home' },
      EMAIL,
    ]);
    expect(emailsAfter([{ value: 'a@new.example', type: 'work' }])).toEqual([
      { value: 'a@new.example', type: 'work' },
      { value: 'a@home.example', type: 'home' },
    ]);
    expect(emailsAfter([{ value: 'a@new.example' }])).toHaveLength(3);
  });

  it('of the requested entitlements keeps those that it does not name', () => {
    const asked = record({ person: { [AGENT_EXTENSION.id]: { agentGroup: 'Tours', role: 'Agent' } } });
    const { person } = next(asked, { person: { [AGENT_EXTENSION.id]: { role: 'Supervisor' } } });
    expect(person[AGENT_EXTENSION.id]).toEqual({ agentGroup: 'Tours', role: 'Supervisor' });
  });

  it('older than the last change of the attribute, or than the whole, says nothing', () => {
    const hr = { id: 'E-1', isMaker: true, profileAt: EARLY } as const;
    const marked = record({
      person: { title: 'Lead' },
      links: { hr: { ...hr, marks: { title: { at: LATE } } } },
    });
    const after = next(marked, { person: { title: 'Clerk' } });
    expect([after.person.title, after.saysNew]).toEqual(['Lead', false]);
    const both = next(marked, { person: { title: 'Clerk', nickName: 'A' } });
    expect([both.person.title, both.person.nickName, both.saysNew]).toEqual(['Lead', 'A', true]);
    const later = record({ person: { title: 'Lead' }, links: { hr: { ...hr, profileAt: LATE } } });
    expect(next(later, { person: { title: 'Clerk' } }).saysNew).toBe(false);
  });

  it('by PATCH operations is applied to what is visible, and can take away', () => {
    const operations = [
      { op: 'replace', path: 'title', value: 'Lead' },
      { op: 'remove', path: 'emails[type eq "home"]' },
      { op: 'remove', path: 'name.familyName' },
      { op: 'replace', path: 'userName', value: 'countess' },
    ];
    const { person, links } = next(known, { operations, completeness: 'full' });
    expect(person).toMatchObject({
      userName: 'countess',
      title: 'Lead',
      name: { givenName: 'Ada' },
      emails: [EMAIL],
    });
    const at = { at: NOON };
    expect(links.hr?.marks).toEqual({ title: at, emails: at, 'name.familyName': at });
    expect(links.hr?.profileAt).toBe(EARLY);
    const other = next(known, { operations, source: 'it', subject: { id: '9' } });
    expect(other.person.userName).toBe('ada');
  });

  it('that says nothing of the person is new only where it says nothing at all', () => {
    expect(next(known, {}).saysNew).toBe(true);
    const late = record({ person: {}, links: { hr: { id: 'E-1', isMaker: true, statusAt: LATE } } });
    expect(next(late, { kind: 'suspend' }).saysNew).toBe(false);
    expect(next(late, {}).saysNew).toBe(true);
    const old = record({ person: {}, links: { hr: { id: 'E-1', isMaker: true, profileAt: LATE } } });
    expect(next(old, { operations: [{ op: 'replace', path: 'title', value: 'x' }] }).saysNew).toBe(false);
  });
});

describe('a person of whom several sources speak', () => {
  const hr = { id: 'E-1', isMaker: true, profileAt: EARLY } as const;
  const authority = ranked({ attributes: { title: 'it' } }, 'hr', 'it');

  it('has of each attribute the value of the source that stands first, the others stand behind', () => {
    const known = record({ person: { title: 'Clerk', nickName: 'A' }, links: { hr } });
    const said = whole(
      { title: 'Lead', nickName: 'B', userType: 'x' },
      { source: 'it', subject: { id: '9' } },
    );
    const after = next(known, said, authority);
    expect(after.person).toMatchObject({ title: 'Lead', nickName: 'A', userType: 'x' });
    expect(after.origins).toEqual({ '*': 'hr', title: 'it', userType: 'it' });
    expect(after.links).toEqual({
      hr: { ...hr, said: { title: 'Clerk' } },
      it: { id: '9', profileAt: NOON, said: { nickName: 'B' } },
    });
  });

  it('has the value behind where the one before is taken away', () => {
    const known = record({
      person: { title: 'Lead' },
      links: { hr: { ...hr, said: { title: 'Clerk' } }, it: { id: '9', profileAt: EARLY } },
      origins: { '*': 'hr', title: 'it' },
    });
    const after = next(known, whole({}, { source: 'it', subject: { id: '9' } }), authority);
    expect(after.person.title).toBe('Clerk');
    expect(after.origins).toEqual({ '*': 'hr' });
    expect(after.links.hr).toEqual(hr);
  });

  it('is out by one of them and back when none says so any more', () => {
    const known = record({ person: {}, links: { hr, it: { id: '9' } } });
    const out = next(known, { source: 'it', subject: { id: '9' }, kind: 'suspend' });
    expect(out.person.active).toBe(false);
    expect(out.service.holders).toEqual([{ source: 'it', status: { is: 'out', since: NOON } }]);
    const gone = record({ person: { active: false }, links: out.links });
    expect(next(gone, { kind: 'resume', occurredAt: LATE }).person.active).toBe(false);
    const back = next(gone, { source: 'it', subject: { id: '9' }, kind: 'resume', occurredAt: LATE });
    expect(back.person.active).toBe(true);
  });
});

describe('a person in service of whom it is not said', () => {
  const known = record({ person: {} });

  it('is active by a word that says so, and by no other', () => {
    expect(next(known, { kind: 'resume' }).person.active).toBe(true);
    expect(next(known, { kind: 'assign' }).person.active).toBe(true);
    expect(next(known, { person: { title: 'x' } }).person.active).toBeUndefined();
  });

  it('is as the word has it that deletes the person, and as the one that brings back', () => {
    const gone = next(known, { kind: 'remove', ...whole({ title: 'Last' }) });
    expect([gone.person.title, gone.service.isDeleted]).toEqual(['Last', true]);
    const deleted = record({ person: { active: false }, links: gone.links, deletedAt: NOON });
    const back = next(deleted, whole({ title: 'First', active: true }, { occurredAt: LATE }));
    expect([back.person.title, back.service.isDeleted]).toEqual(['First', false]);
  });

  it('is as the word has it that takes out of service', () => {
    const out = next(known, whole({ title: 'Last', active: false }));
    expect(out.person).toMatchObject({ title: 'Last', active: false });
    expect(out.links.hr).toMatchObject({ profileAt: NOON, out: { since: NOON } });
    expect(
      next(
        record({ person: { active: false }, links: out.links }),
        whole({ title: 'Old' }, { occurredAt: EARLY }),
      ).saysNew,
    ).toBe(false);
  });

  it('keeps what was taken out of service under an id that is said for the first time', () => {
    const held = record({
      person: { active: false },
      links: { hr: { isMaker: true, out: { since: EARLY } } },
    });
    expect(next(held, whole({ title: 'x' })).person).toMatchObject({ title: 'x', active: false });
  });
});

describe('two records of one person at a source', () => {
  const OUT = { out: { since: EARLY } };

  it('are told apart, and the one in service says what the person is like', () => {
    const links = {
      hr: { id: 'E-1', isMaker: true, ...OUT, others: { 'E-2': { profileAt: EARLY } } },
    } as const;
    const known = record({ person: { title: 'Lead' }, links });
    const former = next(known, whole({ title: 'Clerk' }));
    expect([former.person.title, former.person.active, former.saysNew]).toEqual(['Lead', undefined, false]);
    const active = next(known, whole({ title: 'Chief' }, { subject: { id: 'E-2' } }));
    expect([active.person.title, active.links.hr?.others]).toEqual(['Chief', { 'E-2': { profileAt: NOON } }]);
  });

  it('say what the person is like where none is in service', () => {
    const links = { hr: { id: 'E-1', isMaker: true, ...OUT, others: { 'E-2': OUT } } } as const;
    const known = record({ person: { title: 'Lead', active: false }, links });
    const after = next(known, whole({ title: 'Clerk' }));
    expect([after.person.title, after.person.active]).toEqual(['Clerk', false]);
  });

  it('that was deleted stays as known while the person stays deleted', () => {
    const links = {
      hr: { id: 'E-1', isMaker: true, statusAt: LATE, out: { since: LATE, gone: true } },
    } as const;
    const deleted = record({ person: { title: 'Lead', active: false }, links, deletedAt: LATE });
    const after = next(deleted, whole({ title: 'Clerk' }));
    expect([after.person.title, after.person.active, after.service.isDeleted]).toEqual(['Lead', false, true]);
  });
});

describe('the reading that said a status', () => {
  const known = record({ person: {}, links: { hr: { id: 'E-1', isMaker: true, readAs: 'former' } } });

  it('is remembered, and forgotten with anything else that is said', () => {
    expect(next(known, whole({ title: 'x' }, { readAs: 'digest' })).links.hr?.readAs).toBe('digest');
    expect(next(known, { person: { title: 'x' }, readAs: 'digest' }).links.hr?.readAs).toBeUndefined();
    expect(next(known, whole({ title: 'x' })).links.hr?.readAs).toBeUndefined();
    expect(
      next(known, { kind: 'suspend', completeness: 'full', readAs: 'd' }).links.hr?.readAs,
    ).toBeUndefined();
    // What is older than what is known says nothing.
    const late = record({ person: {}, links: { hr: { id: 'E-1', profileAt: LATE, readAs: 'former' } } });
    expect(next(late, whole({ title: 'x' })).links.hr?.readAs).toBe('former');
  });
});

describe('a person nobody knew', () => {
  const first = (changes: Partial<AuthenticatedEvent>, since?: Partial<AuthenticatedEvent>) =>
    firstOf(event(changes), since === undefined ? undefined : event(since), all);

  it('is made of what is said, and where nothing is said of what may be guessed', () => {
    const guess = { displayName: 'ada l', title: 'Guest' };
    const { person, links, service } = first(
      whole({ title: 'Lead' }, { guess, subject: { id: 'E-1', email: 'a@b.example' } }),
    );
    expect(person).toEqual({
      schemas: [USER.id],
      userName: 'a@b.example',
      externalId: 'E-1',
      title: 'Lead',
      displayName: 'ada l',
    });
    expect(links).toEqual({ hr: { id: 'E-1', isMaker: true, profileAt: NOON } });
    expect(service.isOut).toBe(false);
  });

  it('has the first of the names that are said', () => {
    const named = (subject: AuthenticatedEvent['subject'], person: Attributes = {}) => {
      const { userName, externalId } = first(whole(person, { subject })).person;
      return [userName, externalId];
    };
    expect(named({ id: '1', userName: 'ada', email: 'a@b.example' })).toEqual(['ada', '1']);
    expect(named({ id: '1' })).toEqual(['1', '1']);
    expect(named({ id: '1', externalId: 'E-9' }, { userName: 'countess' })).toEqual(['countess', 'E-9']);
    expect(named({ userName: 'ada' })).toEqual(['ada', undefined]);
  });

  it('is out of service where the event or a later one says so', () => {
    expect(first(whole({ active: false })).person.active).toBe(false);
    const left = first(whole({}), { kind: 'suspend', occurredAt: LATE });
    expect(left.person.active).toBe(false);
    expect(left.links.hr).toMatchObject({ statusAt: LATE, out: { since: LATE }, profileAt: NOON });
    expect(first(whole({}), { kind: 'resume', occurredAt: LATE }).links.hr).toMatchObject({ statusAt: LATE });
    expect(first(whole({ active: true })).person.active).toBe(true);
    expect(first(whole({})).person.active).toBeUndefined();
  });

  it('may have names alone', () => {
    const { person, links } = first({ subject: { id: 'E-1', email: 'a@b.example' } });
    expect([person.userName, links.hr]).toEqual(['a@b.example', { id: 'E-1', isMaker: true }]);
    expect(first({ kind: 'resume', subject: { id: 'E-1' } }).person.active).toBe(true);
  });

  it('is outside a scope until the source says otherwise', () => {
    const outside = first(whole({}, { needsScope: true }));
    expect(outside.person.active).toBe(false);
    expect(outside.links.hr).toMatchObject({ unassigned: { since: NOON, byScope: true } });
    expect(first(whole({}, { needsScope: true, isInScope: true })).service.isOut).toBe(false);
    expect(first(whole({})).links.hr?.unassigned).toBeUndefined();
  });

  it('remembers the reading unless something later was said', () => {
    expect(first(whole({}, { readAs: 'digest' })).links.hr?.readAs).toBe('digest');
    const since = { kind: 'suspend', occurredAt: LATE } as const;
    expect(first(whole({}, { readAs: 'digest' }), since).links.hr?.readAs).toBeUndefined();
  });
});

describe('the word of a SCIM client', () => {
  const person = { schemas: [USER.id], userName: 'ada', title: 'Lead' } as unknown as Person;
  const word = (changes: Partial<ScimWord> = {}): ScimWord => ({
    person,
    isWhole: true,
    active: undefined,
    now: Date.parse(NOON),
    ...changes,
  });
  const bare = (changes: object) => {
    const { links: _, ...rest } = record({ person: {}, source: 'scim', ...changes });
    return rest;
  };
  const scim = { profileAt: EARLY };

  it('about a person whom no other source knows is as it says, and silence keeps who is out', () => {
    expect(afterWord(bare({}), word(), all)).toEqual({ person, deleted: false });
    expect(afterWord(bare({}), word({ deleted: true }), all)).toEqual({ person, deleted: true });
    const out = bare({ person: { active: false } });
    expect(afterWord(out, word(), all).person.active).toBe(false);
    expect(afterWord(out, word({ isWhole: false }), all).person.active).toBeUndefined();
    const back = word({ active: true, person: { ...person, active: true } as Person });
    expect(afterWord(out, back, all).person.active).toBe(true);
    expect(afterWord({ ...out, deletedAt: NOON }, word(), all).person.active).toBeUndefined();
  });

  it('says nothing in the place of others', () => {
    const hr = { id: 'E-1', said: { title: 'Clerk' } };
    const known = record({
      source: 'scim',
      person: { title: 'Lead', nickName: 'A' },
      links: { scim, hr },
      origins: { '*': 'scim', nickName: 'hr' },
    });
    const after = afterWord(known, word({ person: { ...person, title: 'Chief' } as Person }), all);
    expect(after.person).toMatchObject({ title: 'Chief', nickName: 'A' });
    expect(after.origins).toEqual({ '*': 'scim', nickName: 'hr' });
    expect(after.links).toEqual({ scim, hr });
    expect(after.deleted).toBe(false);
  });

  it('of a change alone is what it changes of what it sees', () => {
    const known = record({
      source: 'scim',
      person: { title: 'Lead', nickName: 'A', userType: 'x' },
      links: { scim: { ...scim, said: { nickName: 'S' } }, hr: { id: 'E-1' } },
      origins: { '*': 'scim', nickName: 'hr' },
    });
    const seen = { schemas: [USER.id], userName: 'ada', title: 'Chief', nickName: 'A' } as unknown as Person;
    const after = afterWord(known, word({ isWhole: false, person: seen }), ranked({}, 'hr'));
    // What SCIM says stands before what another source says; what it took away is gone, what it left is as it was.
    expect(after.person).toMatchObject({ title: 'Chief', nickName: 'S' });
    expect(after.person.userType).toBeUndefined();
  });

  it('is all that is known where nobody else says anything of the person', () => {
    const known = record({ person: { title: 'Clerk' }, source: 'scim', links: { scim, hr: { id: 'E-1' } } });
    const said = afterWord(known, word(), all);
    expect([said.person, said.origins]).toEqual([person, undefined]);
    const mixed = afterWord({ ...known, origins: { '*': 'scim' } }, word(), all);
    expect(mixed.origins).toEqual({ '*': 'scim' });
    const behind = { ...known, links: { scim, hr: { id: 'E-1', said: { nickName: 'A' } } } };
    expect(afterWord(behind, word(), all).origins).toEqual({ '*': 'scim', nickName: 'hr' });
    // Who goes takes along what was said last, and nothing of others.
    const gone = afterWord(behind, word({ deleted: true }), all);
    expect([gone.person.nickName, gone.origins, gone.deleted]).toEqual([undefined, undefined, true]);
  });

  it('says active where it does, and leaves deleted whom it has deleted', () => {
    const known = record({ person: {}, source: 'scim', links: { scim, hr: { id: 'E-1' } } });
    expect(afterWord(known, word(), all).person.active).toBeUndefined();
    expect(afterWord(known, word({ active: true }), all).person.active).toBe(true);
    const out = { since: EARLY, gone: true } as const;
    const deleted = record({
      person: { active: false },
      links: { scim: { ...scim, out }, hr: { id: 'E-1' } },
    });
    expect(afterWord(deleted, word(), all).deleted).toBe(true);
    const again = afterWord(known, word({ deleted: true }), all);
    expect(again.links?.scim?.out).toEqual({ since: NOON, gone: true });
  });

  it('holds nobody in service whom another source holds out', () => {
    const known = record({
      person: { active: false },
      links: { scim, hr: { id: 'E-1', out: { since: EARLY } } },
    });
    const after = afterWord(
      known,
      word({ active: true, person: { ...person, active: true } as Person }),
      all,
    );
    expect(after.person.active).toBe(false);
    expect(after.links?.scim).toMatchObject({ statusAt: NOON });
  });

  it('takes out of service, deletes, and brings back', () => {
    const known = record({ person: {}, links: { scim, hr: { id: 'E-1' } } });
    const out = afterWord(known, word({ active: false }), all);
    expect([out.person.active, out.deleted, out.links?.scim]).toEqual([
      false,
      false,
      { ...scim, statusAt: NOON, out: { since: NOON } },
    ]);
    const held = record({ person: { active: false }, links: out.links ?? {} });
    const again = afterWord(held, word({ active: false, now: Date.parse(LATE) }), all);
    expect(again.links?.scim?.out).toEqual({ since: NOON });
    const gone = afterWord(held, word({ deleted: true, now: Date.parse(LATE) }), all);
    expect([gone.person.active, gone.deleted]).toEqual([false, true]);
    expect(gone.links?.scim).toEqual({ ...scim, statusAt: LATE, out: { since: NOON, gone: true } });
    const back = afterWord(held, word({ active: true }), all);
    expect([back.person.active, back.links?.scim]).toEqual([true, { ...scim, statusAt: NOON }]);
    const silent = afterWord(held, word(), all);
    expect([silent.person.active, silent.links?.scim]).toEqual([false, out.links?.scim]);
    expect(afterWord(record({ person: {}, links: { scim: {} } }), word(), all).links?.scim).toEqual({
      profileAt: NOON,
    });
  });
});
