import type { Membership } from '../../directory/group.ts';
import type { PersonRecord } from '../../directory/record.ts';
import { PRIORITY } from '../../directory/record.ts';
import { authorityOf } from '../../events/authority.ts';
import { type AfterWord, afterWord, type ScimWord } from '../../events/person/said-by-scim.ts';
import type { AcceptedInline, IncomingPerson } from '../../provision/accept-inline.ts';
import { isProvisional } from '../../provision/lifecycle.ts';
import type { Person } from '../../scim-core/person.ts';
import { sameValue } from '../../scim-core/resource/resource.ts';
import type { ScimContext } from '../context.ts';
import { ScimError } from '../http/error.ts';
import type { ScimRequest } from '../http/request.ts';
import { retrying } from '../http/retry.ts';
import { assertStorable } from '../http/size.ts';
import { assertMatch } from '../http/version.ts';
import { readPerson } from './read.ts';

/** What a change leaves: the person as it is to be, or that it is gone. `undefined`: nothing changes. */
export type Edit = (person: Person, record: PersonRecord) => Omit<ScimWord, 'now'> | undefined;

/**
 * Stores a new person. A person who was deactivated or deleted here comes back: identity providers re-assign people by
 * creating them again, and must not get 409 for ever.
 *
 * @throws ScimError 409 `uniqueness` for a userName that another person has, 400 for a person who can't become an agent
 */
export async function addPerson(
  context: ScimContext,
  request: ScimRequest,
  person: Person,
): Promise<PersonRecord> {
  assertStorable('user', person);
  const { directory } = context.services;
  return retrying(context.services, async () => {
    // Looked at first, so that a conflict costs no call to SmartAssist, and none has to wait for one.
    const { userName } = person;
    const [holder] = await directory.findPerson(request.tenantName, {
      attribute: 'userName',
      value: userName,
    });
    if (holder !== undefined && !comesBack(holder, person)) throw userNameTaken(person);
    const before = holder ?? (await formerHolder(context, request, person));
    const word = { person, isWhole: true, active: person.active ?? true };
    const change = before === undefined ? { person } : { ...settled(context, before, word), before };
    const result = await send(context, request, change);
    if (holder?.deletedAt !== undefined) context.positions.forget('Users');
    return result.outcome === 'userName-taken' ? undefined : recordOrThrow(result);
  });
}

/** A person who was deleted or deactivated gives the userName up to a new one, who nearly always is the same person. */
function comesBack({ deletedAt, person: before }: PersonRecord, { active }: Person): boolean {
  return deletedAt !== undefined || (before.active === false && active !== false);
}

/** The person who had this externalId and was deleted or deactivated: identity providers keep it for the same person. */
async function formerHolder(
  { services }: ScimContext,
  { tenantName }: ScimRequest,
  person: Person,
): Promise<PersonRecord | undefined> {
  const value = person.externalId;
  if (value === undefined) return undefined;
  const found = await services.directory.findPerson(tenantName, { attribute: 'externalId', value });
  const [former, other] = found.filter((record) => comesBack(record, person));
  return other === undefined ? former : undefined;
}

/** The change beside what other sources say of the person. */
function settled({ services, tenant }: ScimContext, before: PersonRecord, word: Omit<ScimWord, 'now'>) {
  const now = services.clock.now();
  return afterWord(before, { ...word, now }, authorityOf(tenant));
}

/** A person after a change, and the groups that were read for it. */
export interface Changed {
  readonly record: PersonRecord;
  readonly groups?: readonly Membership[];
}

/**
 * Changes a person, on top of whatever others change at the same time: a lost race is read and made again, so that
 * parallel requests lose nothing. Where the client names a version, a race is lost for good (412).
 *
 * @throws ScimError 404, 412, 409 `uniqueness`, 400, or 503 when others change the person all the time
 */
export async function changePerson(
  context: ScimContext,
  request: ScimRequest,
  id: string,
  edit: Edit,
): Promise<Changed> {
  return retrying(context.services, async () => {
    const before = await readPerson(context, request, id);
    assertMatch(request.ifMatch, before.personVersion);
    const word = edit(before.person, before) ?? (isProvisional(before) ? unchanged(before) : undefined);
    if (word === undefined) return { record: before };
    const change = settled(context, before, word);
    if (changesNothing(before, change)) return { record: before };
    if (change.deleted !== true) assertStorable('user', change.person);
    const groups =
      change.deleted === true ? [] : await context.services.directory.groupsOf(request.tenantName, id);
    const arrival = { ...change, before, groups };
    let result = await send(context, request, arrival);
    if (result.outcome === 'userName-taken') {
      if (!(await releaseUserName(context, request, result.id))) throw userNameTaken(change.person);
      return undefined;
    }
    // A person who is gone has to be gone, even if SmartAssist's set-up doesn't let the agent be put out of service now.
    if (result.outcome === 'invalid' && change.deleted === true) {
      result = await send(context, { ...request, deadline: undefined }, arrival);
    }
    const record = recordOrThrow(result);
    return record && { record, groups };
  });
}

function unchanged({ person }: PersonRecord): Omit<ScimWord, 'now'> {
  return { person, isWhole: false, active: undefined };
}

/** Whether a change leaves everything as it is; a record that failed is tried again all the same. */
function changesNothing(before: PersonRecord, { person, links, deleted }: AfterWord): boolean {
  return (
    before.links !== undefined &&
    !deleted &&
    before.state !== 'failed' &&
    !isProvisional(before) &&
    sameValue(person, before.person) &&
    sameValue(links, before.links)
  );
}

async function send(
  { services, provisioning }: ScimContext,
  { deadline }: ScimRequest,
  change: Pick<IncomingPerson, 'person' | 'before' | 'deleted' | 'groups' | 'links' | 'origins'>,
): Promise<AcceptedInline> {
  return (await provisioning()).accept(services, {
    ...change,
    source: 'scim',
    ...(deadline === undefined
      ? { priority: PRIORITY.backfill }
      : { priority: PRIORITY.interactive, inline: { urgency: 'interactive', deadline } }),
  });
}

/** The record as stored, the SCIM Error for what isn't, or `undefined` for a race to be run again. */
function recordOrThrow(result: AcceptedInline): PersonRecord | undefined {
  switch (result.outcome) {
    case 'stored':
      return result.record;
    case 'invalid':
      throw new ScimError(400, result.problems.map(({ message }) => message).join('; '), {
        scimType: 'invalidValue',
      });
    case 'refused':
      throw new ScimError(400, `SmartAssist refused the agent (${result.status}): ${result.message}`, {
        scimType: 'invalidValue',
      });
    case 'taken':
      throw new ScimError(409, result.message, { scimType: 'uniqueness' });
    default:
      return undefined;
  }
}

/**
 * Takes the userName from a person who was deleted: RFC 7644 section 3.6 wants no conflict with one. The record stays,
 * under another name, until the agent is dealt with.
 *
 * @returns false when the name belongs to a person who is there
 */
async function releaseUserName(
  { services }: ScimContext,
  { tenantName }: ScimRequest,
  holderId: string,
): Promise<boolean> {
  const holder = await services.directory.readPerson(tenantName, holderId);
  if (holder === undefined) return true;
  if (holder.deletedAt === undefined) return false;
  const person = { ...holder.person, userName: `${holder.person.userName}#${holder.id}` };
  await services.directory.updatePerson(holder, { ...holder, version: holder.version + 1, person });
  return true;
}

function userNameTaken({ userName }: Person): ScimError {
  return new ScimError(409, `A user with the userName "${userName.slice(0, 80)}" exists already.`, {
    scimType: 'uniqueness',
  });
}
