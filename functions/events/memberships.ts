import { type DocumentForm, decideOnDocument, objectOf, readForm } from '../directory/documents.ts';
import type { Membership } from '../directory/group.ts';
import type { PersonRecord } from '../directory/record.ts';
import { markingDue } from '../provision/mark-due.ts';
import type { Services } from '../provision/services.ts';
import { compact } from '../runtime/compact.ts';
import { GROUP } from '../scim-core/schema.ts';
import type { Applied } from './applied.ts';
import type { AuthenticatedEvent, SourceGroup as Group } from './event.ts';
import { laterName } from './groups/group-mark.ts';
import { groupIdOf } from './groups/own-group.ts';

/** Memberships are ordered one by one, for as long as a provider may repeat or delay an event. */
const KEPT_SECONDS = 30 * 86_400;

/** Puts a person into a group of the source; the group is made when nobody has heard of it. */
export async function joinGroup(
  services: Services,
  tenant: string,
  event: Pick<AuthenticatedEvent, 'source' | 'occurredAt'>,
  group: Group,
  record: PersonRecord,
): Promise<Applied> {
  if (!(await isNewer(services, tenant, event, group, record))) return { outcome: 'stale' };
  const id = (await findGroup(services, tenant, group)) ?? (await makeGroup(services, tenant, event, group));
  const added = await services.directory.addMembers(
    tenant,
    id,
    [{ value: record.id, type: 'User' }],
    markingDue(services),
  );
  return changed(services, tenant, record, added.length > 0);
}

/** Takes a person out of a group of the source. */
export async function leaveGroup(
  services: Services,
  tenant: string,
  event: AuthenticatedEvent,
  group: Group,
  record: PersonRecord,
): Promise<Applied> {
  if (!(await isNewer(services, tenant, event, group, record))) return { outcome: 'stale' };
  const id = await findGroup(services, tenant, group);
  if (id === undefined) return { outcome: 'nobody' };
  const removed = await services.directory.removeMembers(tenant, id, [record.id], markingDue(services));
  return changed(services, tenant, record, removed.length > 0);
}

/** What a change of membership comes to, where it isn't done yet. */
export async function changeOfGroup(
  services: Services,
  tenant: string,
  { kind }: AuthenticatedEvent,
  group: Group,
): Promise<{ leaves?: string; joins?: Membership }> {
  const id = await findGroup(services, tenant, group);
  if (kind === 'unassign') return id === undefined ? {} : { leaves: id };
  const found = id === undefined ? undefined : await services.directory.readGroup(tenant, id);
  const display = found?.group.displayName ?? group.display ?? group.id;
  return { joins: { id: id ?? group.id, display: String(display) } };
}

async function changed(
  services: Services,
  tenant: string,
  record: PersonRecord,
  isChanged: boolean,
): Promise<Applied> {
  if (!isChanged) return { outcome: 'unchanged' };
  await services.ring(tenant);
  return { outcome: 'stored', record };
}

/** By the source's id, or by the name under which SCIM has brought it. */
export async function findGroup(
  { directory }: Services,
  tenant: string,
  group: Group,
): Promise<string | undefined> {
  const [known] = await directory.findGroup(tenant, { attribute: 'externalId', value: group.id });
  if (known !== undefined || group.display === undefined) return known?.id;
  const [named] = await directory.findGroup(tenant, { attribute: 'displayName', value: group.display });
  return named?.id;
}

/** Makes a group of the source, under the name that the source has said last. */
export async function makeGroup(
  services: Services,
  tenant: string,
  event: Pick<AuthenticatedEvent, 'source' | 'occurredAt'>,
  group: Group,
): Promise<string> {
  const id = groupIdOf(tenant, event.source, group.id);
  const at = new Date(services.clock.now()).toISOString();
  const display = (await laterName(services, tenant, event, group)) ?? group.display ?? group.id;
  await services.directory.createGroup({
    tenant,
    id,
    version: 1,
    groupVersion: 1,
    createdAt: at,
    updatedAt: at,
    group: { schemas: [GROUP.id], displayName: display, externalId: group.id },
  });
  return id;
}

async function isNewer(
  { directory, clock }: Services,
  tenant: string,
  { source, occurredAt = '' }: Pick<AuthenticatedEvent, 'source' | 'occurredAt'>,
  group: Group,
  record: PersonRecord,
): Promise<boolean> {
  const owner = membershipOwner(tenant, source, record);
  const marks = await Promise.all([
    readForm(directory, owner, { ...WHOLE, name: group.id }),
    readForm(directory, owner, ALL),
    readForm(directory, wholeOwner(tenant, source, group), WHOLE),
  ]);
  if (marks.some((mark) => isBefore(occurredAt, mark.at))) return false;
  const expiresAt = Math.ceil(clock.now() / 1000) + KEPT_SECONDS;
  await directory.writeDocument(owner, group.id, { at: occurredAt }, undefined, expiresAt);
  return true;
}

function isBefore(at: string, mark: unknown): boolean {
  return typeof mark === 'string' && Date.parse(at) < Date.parse(mark);
}

function membershipOwner(tenant: string, source: string, { id }: PersonRecord): string {
  return `${tenant}#membership#${source}/${id}`;
}

/** Under this name, which no group has for its id, is when a source last said all groups of a person. */
const EVERY_GROUP = '*';

/** What a source said when it last said all groups of a person. */
export interface AllGroups {
  readonly at?: string;
  /** Those of them that SCIM or another source has brought: of the source's own it is known that they are. */
  readonly shared: readonly Group[];
}

const ALL: DocumentForm<AllGroups> = {
  name: EVERY_GROUP,
  parse: (stored) => {
    const { at, shared } = objectOf(stored);
    return {
      ...compact({ at: typeof at === 'string' ? at : undefined }),
      shared: Array.isArray(shared) ? (shared as Group[]) : [],
    };
  },
};

export async function readAllGroups(
  { directory }: Services,
  tenant: string,
  source: string,
  record: PersonRecord,
): Promise<AllGroups> {
  return readForm(directory, membershipOwner(tenant, source, record), ALL);
}

/** Notes when a source said all groups of a person. What is shared is kept as long as the person is in it. */
export async function noteAllGroups(
  { directory, clock }: Services,
  tenant: string,
  { source, occurredAt = '' }: Pick<AuthenticatedEvent, 'source' | 'occurredAt'>,
  record: PersonRecord,
  shared: readonly Group[],
): Promise<void> {
  const body = { at: occurredAt, ...compact({ shared: shared.length === 0 ? undefined : shared }) };
  const expiresAt = shared.length === 0 ? Math.ceil(clock.now() / 1000) + KEPT_SECONDS : undefined;
  await directory.writeDocument(
    membershipOwner(tenant, source, record),
    ALL.name,
    body,
    undefined,
    expiresAt,
  );
}

/** When a source said who all is in a group. */
interface Whole {
  readonly at?: string;
}

const WHOLE: DocumentForm<Whole> = {
  name: 'whole',
  parse: (stored) => {
    const { at } = (stored ?? {}) as { readonly at?: unknown };
    return typeof at === 'string' ? { at } : {};
  },
};

/** Notes when a source said who all is in a group; false where it has said so later already. */
export async function noteWholeGroup(
  { directory, clock }: Services,
  tenant: string,
  { source, occurredAt = '' }: Pick<AuthenticatedEvent, 'source' | 'occurredAt'>,
  group: Group,
): Promise<boolean> {
  const owner = wholeOwner(tenant, source, group);
  const expiresAt = Math.ceil(clock.now() / 1000) + KEPT_SECONDS;
  return decideOnDocument<Whole, boolean>(directory, owner, WHOLE, ({ at }) =>
    isBefore(occurredAt, at) ? { answer: false } : { answer: true, body: { at: occurredAt }, expiresAt },
  );
}

function wholeOwner(tenant: string, source: string, { id }: Group): string {
  return `${tenant}#whole-group#${source}/${id.slice(0, 300)}`;
}
