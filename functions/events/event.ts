import { compact } from '../runtime/compact.ts';

/**
 * How far a verified request is believed. `signed`: the body is bound to a key. `caller`: the caller knows a secret, but
 * the body could come from elsewhere. `url`: the caller knows the address.
 */
export const TRUSTS = ['signed', 'caller', 'url'] as const;
export type Trust = (typeof TRUSTS)[number];

/** What an event does to a person. `assign` and `unassign`: to the application or, with a group, to that group. */
export const EVENT_KINDS = ['upsert', 'suspend', 'resume', 'remove', 'assign', 'unassign'] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** How much an event says about its person. */
export const COMPLETENESS = ['full', 'partial', 'thin'] as const;

/** By what a source names a person. `id` is the source's own. */
export interface Subject {
  readonly id?: string;
  readonly userName?: string;
  readonly email?: string;
  /** The source says that the e-mail address is verified to be the person's own. */
  readonly isEmailVerified?: true;
  /** What the receiver's side calls the person, where a source knows it (RFC 9967 section 2.1). */
  readonly externalId?: string;
}

/** A group as its source names it. */
export interface SourceGroup {
  /** The source's own id of the group. */
  readonly id: string;
  readonly display?: string;
}

/** Attributes of a SCIM User as a client would send them, not parsed yet: names may be paths. */
export type Attributes = Readonly<Record<string, unknown>>;

/** The one form that every source's events are brought to. */
export interface PersonEvent {
  readonly kind: EventKind;
  /** The provider's own name for the event. */
  readonly type: string;
  readonly subject: Subject;
  /** What the event says about the person. */
  readonly person?: Attributes;
  /** What may be guessed from the event where nothing better is known. */
  readonly guess?: Attributes;
  /** PATCH operations (RFC 7644 section 3.5.2) in the place of attributes. */
  readonly operations?: readonly unknown[];
  /** The group that the person joins or leaves. */
  readonly group?: SourceGroup;
  /** The event is about the group itself, and about no person: `remove` where it was deleted, else how it is called. */
  readonly isOfGroup?: true;
  /** All groups of the source that the person is in; undefined: not said. */
  readonly groups?: readonly SourceGroup[];
  /** Ids of the groups that `groups` is about: in others the person stays. Undefined: about all. */
  readonly groupsAmong?: readonly string[];
  /**
   * `full`: all that the source knows. `partial`: what changed, or a part. `thin`: that something changed; the person has
   * to be fetched.
   */
  readonly completeness: (typeof COMPLETENESS)[number];
  /** Whether the source's scope has the person, such as an assignment to its application; undefined: not said. */
  readonly isInScope?: boolean;
  /** Path of the organizational unit that has the person, where the source knows such. */
  readonly organizationalUnit?: string;
  /** The person belongs to another organization. */
  readonly isGuest?: boolean;
  /** The source has no scope: whom a former one left out is meant again. */
  readonly isUnscoped?: true;
  /** The source knows people outside its scope, too: a new person is outside until it says otherwise. */
  readonly needsScope?: true;
  /** ISO 8601: when it happened at the source; when it arrived, where that can't be read. */
  readonly occurredAt?: string;
  /** The source's own count of this person's changes, where it has one. Orders attributes and service alike. */
  readonly sequence?: number;
  /**
   * From when on it holds: ISO 8601, or a day, which is the first one of who comes and the last one of who leaves. Text
   * that can't be read waits for a person's word.
   */
  readonly effectiveAt?: string;
  /** What two deliveries of the same event have in common; without it the digest of the item. */
  readonly key?: string;
  /** Digest of a whole reading: kept with the link, so that the next one that says the same costs nothing. */
  readonly readAs?: string;
}

/** What a subject has of an e-mail address that the source says is verified. */
export function verified(isVerified: boolean | undefined): Pick<Subject, 'isEmailVerified'> {
  return isVerified === true ? { isEmailVerified: true } : {};
}

/** A person event that was let in. */
export interface AuthenticatedEvent extends PersonEvent {
  readonly source: string;
  readonly trust: Trust;
}

/** All members that a group of the source has: a person who isn't listed is not in it. */
export interface MemberList {
  /** The provider's own name for the event. */
  readonly type: string;
  readonly group: SourceGroup;
  /** The source's ids of the members. */
  readonly members: readonly string[];
  /** ISO 8601: when it was so at the source. */
  readonly occurredAt?: string;
}

/** What a source says about a group itself: that it is there, is called so, or was deleted. */
export interface GroupChange {
  readonly does: 'rename' | 'delete';
  /** The provider's own name for the event. */
  readonly type: string;
  readonly group: SourceGroup;
  /** ISO 8601: when it happened at the source. */
  readonly occurredAt?: string;
  /** What two deliveries of the same event have in common. */
  readonly key?: string;
}

/** One item of a delivery, read. */
export type Item =
  | { readonly kind: 'event'; readonly event: PersonEvent }
  | { readonly kind: 'group'; readonly change: GroupChange }
  | { readonly kind: 'members'; readonly list: MemberList }
  /** Nothing to do: a type that isn't about people, a test message. */
  | { readonly kind: 'ignored'; readonly type: string }
  /** The directory, company or application behind the source is gone: not the people in it. */
  | { readonly kind: 'source-gone'; readonly type: string }
  /** Something about the subscription itself that the source's state should show. */
  | {
      readonly kind: 'notice';
      readonly type: string;
      readonly detail: string;
      readonly isAlarming: boolean;
      /** What the schedule has to do about the subscription that it keeps: renew it soon, or make another. */
      readonly subscription?: 'due' | 'gone' | undefined;
    }
  /** Not understood; the rest of the delivery is applied all the same. */
  | { readonly kind: 'bad'; readonly reason: string };

export const ignored = (type: string | undefined): Item => ({ kind: 'ignored', type: type ?? 'unknown' });
export const bad = (reason: string): Item => ({ kind: 'bad', reason });
export const gone = (type: string): Item => ({ kind: 'source-gone', type });

/** An event as an item; a subject without any name is a bad one. */
export function eventItem(event: PersonEvent): Item {
  const { id, userName, email, externalId } = event.subject;
  if (id === undefined && userName === undefined && email === undefined && externalId === undefined) {
    return bad(`An event of type ${event.type.slice(0, 60)} names nobody.`);
  }
  return { kind: 'event', event };
}

/** A change of a group in the form of all events: it waits, is read and confirmed as they are. */
export function eventOfGroup({ does, ...change }: GroupChange): PersonEvent {
  return {
    ...change,
    kind: does === 'delete' ? 'remove' : 'upsert',
    subject: {},
    isOfGroup: true,
    completeness: 'full',
  };
}

/** An event that names its person by the source's id alone: what is true of the person has to be read. */
export function thinItem(
  kind: EventKind,
  type: string,
  id: string | undefined,
  more: { readonly occurredAt?: string | undefined; readonly key?: string | undefined } = {},
): Item {
  return eventItem({ kind, type, subject: compact({ id }), completeness: 'thin', ...compact({ ...more }) });
}

/** Whether an event takes a person out of service. */
export function isLeaver(
  event: Pick<PersonEvent, 'kind' | 'group' | 'person' | 'isInScope' | 'isOfGroup'>,
): boolean {
  const { kind, group, person, isInScope, isOfGroup } = event;
  if (isOfGroup === true) return false;
  if (kind === 'suspend' || kind === 'remove') return true;
  if (kind === 'unassign') return group === undefined;
  return person?.active === false || isInScope === false;
}
