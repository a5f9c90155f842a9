import { type Effect, Register } from './register.ts';

/** A person as their identity provider has them. */
export interface Profile {
  readonly givenName: string;
  readonly familyName: string;
  readonly email: string;
  readonly department: string;
  readonly language: string;
  readonly phone: string;
  /** No rule looks at it. */
  readonly title: string;
  readonly active: boolean;
}

export const GROUPS = ['Contact Centre Billing', 'Contact Centre Support'] as const;
export type GroupName = (typeof GROUPS)[number];

/** What can be written of a person: attributes, whether it is there at all, and its groups. */
type Thing = keyof Profile | 'isThere' | GroupName;
export type Values = Partial<Profile> & { readonly isThere?: boolean } & Partial<Record<GroupName, boolean>>;

/** What the world outside knows of one person: everything that was sent, and what was answered. */
export class PersonModel {
  readonly userName: string;
  /** The SCIM id that the last answer named. */
  id: string | undefined;
  readonly #registers = new Map<Thing, Register<unknown>>();
  readonly #told = new Set<Thing>();

  constructor(userName: string) {
    this.userName = userName;
  }

  /** A write of several things begins. @returns to be called when it has ended */
  begin(values: Values, from: number): (to: number, effect: Effect) => void {
    const ends = (Object.entries(values) as [Thing, unknown][]).map(([thing, value]) =>
      this.#register(thing).begin(value, from),
    );
    return (to, effect) => {
      if (effect === 'applied') for (const thing of Object.keys(values)) this.#told.add(thing as Thing);
      for (const end of ends) end(to, effect);
    };
  }

  /** Whether anything that was sent of this was taken for certain; else what is known of it may be from elsewhere. */
  isTold(thing: Thing): boolean {
    return this.#told.has(thing);
  }

  mayBe(thing: Thing, value: unknown): boolean {
    return this.#register(thing).mayHold().includes(value);
  }

  mayHold(thing: Thing): unknown[] {
    return this.#register(thing).mayHold();
  }

  #register(thing: Thing): Register<unknown> {
    const known = this.#registers.get(thing);
    if (known !== undefined) return known;
    const made = new Register<unknown>(isFlag(thing) ? false : undefined);
    this.#registers.set(thing, made);
    return made;
  }
}

const isFlag = (thing: Thing) => thing === 'isThere' || (GROUPS as readonly string[]).includes(thing);

/** The person as a SCIM resource, as this identity provider writes it. */
export function resourceOf(userName: string, profile: Profile): Record<string, unknown> {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User', ENTERPRISE],
    userName,
    name: { givenName: profile.givenName, familyName: profile.familyName },
    emails: [{ value: profile.email, type: 'work', primary: true }],
    phoneNumbers: [{ value: profile.phone, type: 'work' }],
    preferredLanguage: profile.language,
    title: profile.title,
    active: profile.active,
    // As companies number their people: once, and for ever.
    [ENTERPRISE]: { department: profile.department, employeeNumber: `E${userName.replace(/\D/g, '')}` },
  };
}

/** Reads such a resource again. */
export function profileOf(resource: Readonly<Record<string, unknown>>): Profile {
  const {
    name,
    emails,
    phoneNumbers,
    [ENTERPRISE]: enterprise,
  } = resource as {
    name: { givenName: string; familyName: string };
    emails: { value: string }[];
    phoneNumbers: { value: string }[];
    [ENTERPRISE]?: { department: string };
  };
  return {
    givenName: name.givenName,
    familyName: name.familyName,
    email: emails[0]?.value ?? '',
    department: enterprise?.department ?? '',
    language: String(resource.preferredLanguage),
    phone: phoneNumbers[0]?.value ?? '',
    title: String(resource.title),
    active: resource.active !== false,
  };
}

const ENTERPRISE = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';
