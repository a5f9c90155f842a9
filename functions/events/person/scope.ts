import type { PersonRecord } from '../../directory/record.ts';
import { compact } from '../../runtime/compact.ts';
import { folded } from '../../scim-core/fold.ts';
import { isObject } from '../../scim-core/resource/resource.ts';
import { ENTERPRISE_USER } from '../../scim-core/schema.ts';
import type { SourceSettings } from '../../tenant/sources.ts';
import type { Scope } from '../../tenant/trust/scope.ts';
import type { AuthenticatedEvent, PersonEvent, SourceGroup } from '../event.ts';
import { saidBy } from './profile.ts';

/** What is known of a person that a scope may be made of; what isn't known isn't there. */
interface Facts {
  readonly isAssigned?: boolean | undefined;
  readonly groups?: readonly SourceGroup[] | undefined;
  readonly organizationalUnit?: string | undefined;
  readonly userType?: string | undefined;
  readonly department?: string | undefined;
  readonly isGuest?: boolean | undefined;
}

/** Whether a fact is in the scope; undefined where the fact isn't known, null where the scope doesn't ask for it. */
type Verdict = boolean | undefined | null;

/** An event with what the scope of its source makes of what it says. Nothing is concluded from what it doesn't say. */
export function scoped(event: AuthenticatedEvent, settings: SourceSettings | undefined): AuthenticatedEvent {
  if (settings === undefined || event.isOfGroup === true) return event;
  const { scope } = settings;
  if (scope === undefined || Object.keys(scope).length === 0) {
    return event.completeness === 'full' && event.kind === 'upsert' ? { ...event, isUnscoped: true } : event;
  }
  if (event.group !== undefined || event.kind !== 'upsert') return { ...event, needsScope: true };
  const { isInScope: _, ...rest } = event;
  return { ...rest, needsScope: true, ...compact({ isInScope: inScope(scope, factsOf(event)) }) };
}

/**
 * Whether the scope of a source has a known person, by what the source has said and by the groups that the person is in;
 * undefined where that isn't known.
 */
export function scopeOfRecord(
  scope: Scope,
  source: string,
  record: PersonRecord,
  groups: readonly SourceGroup[],
): boolean | undefined {
  const values = saidBy(record).get(source) ?? {};
  return inScope(scope, {
    groups,
    userType: text(values.userType),
    department: text(values[`${ENTERPRISE_USER.id}:department`]),
  });
}

function inScope(scope: Scope, facts: Facts): boolean | undefined {
  const verdicts: readonly Verdict[] = [
    facts.isAssigned ?? (scope.application === undefined ? null : undefined),
    anyOf(scope.groups, facts.groups, ({ id, display }, wanted) => id === wanted || isSame(display, wanted)),
    anyOf(scope.organizationalUnits, listed(facts.organizationalUnit), isBelow),
    anyOf(scope.userTypes, listed(facts.userType), isSame),
    anyOf(scope.departments, listed(facts.department), isSame),
    scope.guests === false ? (facts.isGuest === undefined ? undefined : !facts.isGuest) : null,
  ];
  if (verdicts.includes(false)) return false;
  return verdicts.includes(undefined) ? undefined : true;
}

function factsOf({ person = {}, groups, organizationalUnit, isGuest, isInScope }: PersonEvent): Facts {
  const enterprise = person[ENTERPRISE_USER.id];
  const department = isObject(enterprise)
    ? enterprise.department
    : person[`${ENTERPRISE_USER.id}:department`];
  return {
    groups,
    organizationalUnit,
    isGuest,
    isAssigned: isInScope,
    userType: text(person.userType),
    department: text(department),
  };
}

function anyOf<Fact>(
  wanted: readonly string[] | undefined,
  facts: readonly Fact[] | undefined,
  is: (fact: Fact, wanted: string) => boolean,
): Verdict {
  if (wanted === undefined) return null;
  return facts?.some((fact) => wanted.some((each) => is(fact, each)));
}

function listed(fact: string | undefined): readonly string[] | undefined {
  return fact === undefined ? undefined : [fact];
}

function isSame(fact: string | undefined, wanted: string): boolean {
  return fact !== undefined && folded(fact) === folded(wanted);
}

/** A unit is in those above it. */
function isBelow(path: string, wanted: string): boolean {
  const above = withoutSlashes(folded(wanted));
  return folded(path) === above || folded(path).startsWith(`${above}/`);
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

function withoutSlashes(path: string): string {
  let end = path.length;
  while (path[end - 1] === '/') end -= 1;
  return path.slice(0, end);
}
