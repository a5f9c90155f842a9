import { describe, expect, it } from 'vitest';
import type { PersonRecord } from '../../../functions/directory/record.ts';
import type { AuthenticatedEvent } from '../../../functions/events/event.ts';
import { scoped, scopeOfRecord } from '../../../functions/events/person/scope.ts';
import { ENTERPRISE_USER } from '../../../functions/scim-core/schema.ts';
import { ada, event } from '../bench.ts';

const settings = (scope?: object) => ({ preset: 'okta-event-hook', ...(scope && { scope }) }) as never;
/** What the scope makes of an event: in it, outside of it, or not known. */
const isIn = (scope: object, changes: Partial<AuthenticatedEvent>) =>
  scoped(ada({}, changes), settings(scope)).isInScope;
const person = (values: object) => ({ person: { userName: 'ada', ...values } });
const TOURS = { id: 'g1', display: 'Tours' };

describe('the scope of a source has a person', () => {
  it.each<[string, object, Partial<AuthenticatedEvent>, boolean | undefined]>([
    ['by a group, whatever the case of its name', { groups: ['tours'] }, { groups: [TOURS] }, true],
    ['by the id of a group', { groups: ['x', 'g1'] }, { groups: [{ id: 'g1' }] }, true],
    ['and not by the case of an id', { groups: ['G1'] }, { groups: [{ id: 'g1' }] }, false],
    ['nor by another group', { groups: ['Tours'] }, { groups: [{ id: 'g2', display: 'Tours 2' }] }, false],
    ['nor by none', { groups: ['Tours'] }, { groups: [] }, false],
    ['or it is not known', { groups: ['Tours'] }, {}, undefined],
    ['by a unit', { organizationalUnits: ['/Service/'] }, { organizationalUnit: '/service' }, true],
    [
      'by a unit above',
      { organizationalUnits: ['/Service//'] },
      { organizationalUnit: '/Service/EU/Berlin' },
      true,
    ],
    [
      'and not by one that begins alike',
      { organizationalUnits: ['/Service'] },
      { organizationalUnit: '/Services' },
      false,
    ],
    ['nor by one below', { organizationalUnits: ['/Service/EU'] }, { organizationalUnit: '/Service' }, false],
    ['by the top unit', { organizationalUnits: ['/'] }, { organizationalUnit: '/Any' }, true],
    ['by the type', { userTypes: ['Employee'] }, person({ userType: ' employee ' }), true],
    ['and not by another', { userTypes: ['Employee'] }, person({ userType: 'Contractor' }), false],
    ['whose type is blank: not known', { userTypes: ['Employee'] }, person({ userType: ' ' }), undefined],
    ['whose type is no text: not known', { userTypes: ['5'] }, person({ userType: 5 }), undefined],
    [
      'by the department',
      { departments: ['Service'] },
      person({ [ENTERPRISE_USER.id]: { department: 'SERVICE' } }),
      true,
    ],
    [
      'by the path of the department',
      { departments: ['Service'] },
      person({ [`${ENTERPRISE_USER.id}:department`]: 'Service' }),
      true,
    ],
    [
      'and not by another',
      { departments: ['Service'] },
      person({ [ENTERPRISE_USER.id]: { department: 'Sales' } }),
      false,
    ],
    ['who is no guest', { guests: false }, { isGuest: false }, true],
    ['and not as a guest', { guests: false }, { isGuest: true }, false],
    ['of whom it is not known', { guests: false }, {}, undefined],
    ['guest or not', { guests: true }, { isGuest: true }, true],
    ['by the application', { application: 'app' }, { isInScope: true }, true],
    ['and not without it', { application: 'app' }, { isInScope: false }, false],
    ['or it is not known', { application: 'app' }, {}, undefined],
    ['as the event says', { guests: true }, { isInScope: false }, false],
    ['by both', { groups: ['Tours'], guests: false }, { groups: [TOURS], isGuest: false }, true],
    [
      'and not by one of two',
      { groups: ['Tours'], guests: false },
      { groups: [TOURS], isGuest: true },
      false,
    ],
    [
      'and not where one says no and the other is not known',
      { groups: ['Tours'], guests: false },
      { groups: [] },
      false,
    ],
    ['or one of two is not known', { groups: ['Tours'], guests: false }, { groups: [TOURS] }, undefined],
  ])('%s', (_, scope, changes, verdict) => {
    expect(isIn(scope, changes)).toBe(verdict);
  });

  it('is asked of whole persons and changes, and only known of by what says more of one thing', () => {
    const scope = settings({ groups: ['Tours'] });
    expect(scoped(event({ groups: [TOURS] }), scope)).toMatchObject({ isInScope: true, needsScope: true });
    for (const said of [
      event({ kind: 'suspend', groups: [TOURS] }),
      event({ group: TOURS, groups: [TOURS] }),
    ])
      expect(scoped(said, scope)).toEqual({ ...said, needsScope: true });
    const unsaid = scoped(ada({}, { isInScope: true }), settings({ guests: false }));
    expect('isInScope' in unsaid).toBe(false);
  });

  it('is everybody where there is none, and only a whole person says so', () => {
    for (const none of [settings(), settings({})]) {
      expect(scoped(ada(), none)).toEqual({ ...ada(), isUnscoped: true });
      expect(scoped(event(), none)).toEqual(event());
      const resumed = event({ kind: 'resume', completeness: 'full' });
      expect(scoped(resumed, none)).toEqual(resumed);
    }
    expect(scoped(ada(), undefined)).toEqual(ada());
    const ofGroup = event({ isOfGroup: true, group: TOURS, completeness: 'full' });
    expect(scoped(ofGroup, settings())).toEqual(ofGroup);
    expect(scoped(ofGroup, settings({ guests: false }))).toEqual(ofGroup);
  });

  it('of whom the source has said enough before', () => {
    const record = {
      source: 'hr',
      person: { userName: 'ada', userType: 'Employee', [ENTERPRISE_USER.id]: { department: 'Service' } },
      links: { hr: { isMaker: true }, it: { said: { userType: 'Contractor' } } },
    } as unknown as PersonRecord;
    const of = (scope: object, source = 'hr', groups = [TOURS]) =>
      scopeOfRecord(scope, source, record, groups);
    expect(of({ userTypes: ['Employee'], departments: ['Service'] })).toBe(true);
    expect(of({ userTypes: ['Employee'] }, 'it')).toBe(false);
    expect(of({ departments: ['Service'] }, 'it')).toBeUndefined();
    expect(of({ userTypes: ['Employee'] }, 'other')).toBeUndefined();
    expect([of({ groups: ['Tours'] }), of({ groups: ['Tours'] }, 'hr', [])]).toEqual([true, false]);
  });
});
