import { type Answer, type Door, type DoorOptions, openDoor } from './door.ts';

/** A door behind which nobody becomes an agent: for what has nothing to do with SmartAssist. */
export function openQuietDoor(options: DoorOptions = {}): Door {
  return openDoor({ ...options, tenant: { provisionWhen: 'userName eq "-nobody-"', ...options.tenant } });
}

export const PATCH_OP = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';
export const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

/** The body of a PATCH. */
export const patchOf = (...Operations: unknown[]) => ({ schemas: [PATCH_OP], Operations });

/** A user with these attributes; gives its id. */
export async function aUser(door: Door, attributes: Readonly<Record<string, unknown>> = {}): Promise<string> {
  return idOf(await door.create({ userName: 'ada@example.com', ...attributes }));
}

/** A group with these members, by id; gives its own id. */
export async function aGroup(
  door: Door,
  displayName: string,
  members: readonly string[] = [],
): Promise<string> {
  const body = { displayName, members: members.map((value) => ({ value })) };
  return idOf(await door.send('POST', '/Groups', { body }));
}

export function idOf({ status, body }: Answer): string {
  if (status !== 201) throw new Error(`not created: ${status} ${JSON.stringify(body)}`);
  return String(body.id);
}

/** The ids of a group's members, as a client reads them. */
export async function memberIds(door: Door, groupId: string): Promise<string[]> {
  const { body } = await door.send('GET', `/Groups/${groupId}`);
  return ((body.members ?? []) as { value: string }[]).map(({ value }) => value);
}

/** The resources of a list. */
export function resourcesOf({ body }: Answer): Record<string, unknown>[] {
  return body.Resources as Record<string, unknown>[];
}
