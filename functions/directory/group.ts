/** The directory's entry for a SCIM Group (RFC 7643 section 4.2). */
export interface GroupRecord {
  readonly tenant: string;
  /** The SCIM `id`. */
  readonly id: string;
  /** Counts every write of the entry; what conditional writes compare. */
  readonly version: number;
  /** Counts the changes that a client sees: `meta.version`. */
  readonly groupVersion: number;
  /** ISO 8601, `meta.created` and `meta.lastModified`. */
  readonly createdAt: string;
  readonly updatedAt: string;
  /** The resource without `members`: those are kept one by one. */
  readonly group: Readonly<Record<string, unknown>>;
  /** A client has removed the attribute `members`, and none was added since. */
  readonly membersUnassigned?: true;
}

/** A group that a person is a direct member of, with its name of today. */
export interface Membership {
  readonly id: string;
  readonly display: string;
}

/** An element of a group's `members`. */
export interface Member {
  /** The id of the member; kept also while no person has it. */
  readonly value: string;
  readonly display?: string;
  readonly type?: string;
}

/** The record of a group after a change of its attributes or, with the same ones, of its members. */
export function nextGroup(before: GroupRecord, group: GroupRecord['group'], now: number): GroupRecord {
  return {
    ...before,
    version: before.version + 1,
    groupVersion: before.groupVersion + 1,
    updatedAt: new Date(now).toISOString(),
    group,
  };
}
