import type { PersonRecord } from '../../functions/directory/record.ts';
import { type Answered, type Hooks, openHooks, SECONDS, sign } from '../webhook/hooks.ts';
import { fixture } from '../webhook/providers.ts';

export const TEXT = 'a-secret-of-some-length';
export const WHSEC = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;

/** ISO 8601 of so many seconds before now. */
export const ago = (seconds: number): string => new Date((SECONDS - seconds) * 1000).toISOString();

/** Says something through the door of a source, signed as the source signs. */
export type Saying = (hooks: Hooks) => Promise<Answered>;

let messages = 0;

/** A signed message of the generic form: a whole person, or a type that says it all. */
export const standard =
  (source: string, type: string, data: object, seconds: number): Saying =>
  (hooks) => {
    messages += 1;
    const body = JSON.stringify({ type, timestamp: ago(seconds), data });
    return hooks.send(source, { body, headers: sign.standard(WHSEC, `msg_${messages}`, SECONDS, body) });
  };

/** The same without a signature: any holder of the token could have said it. */
export const unsigned =
  (source: string, type: string, data: object, seconds: number): Saying =>
  (hooks) => {
    messages += 1;
    const body = { specversion: '1.0', id: `ce-${messages}`, source: '/', type, time: ago(seconds), data };
    return hooks.send(source, { body, headers: { authorization: `Bearer ${TEXT}` } });
  };

const MICKEY = '204523456789';

/** An event of Zitadel: what changed, with a count, and a clock that may stand still. */
export const zitadel =
  (source: string, type: string, sequence: number | undefined, payload: object = {}, seconds = 60): Saying =>
  (hooks) => {
    const body = JSON.stringify({
      aggregateID: MICKEY,
      aggregateType: 'user',
      event_type: type,
      created_at: ago(seconds),
      event_payload: payload,
      ...(sequence === undefined ? {} : { sequence }),
    });
    const headers = { 'zitadel-signature': `t=${SECONDS},v1=${sign.hex(TEXT, `${SECONDS}.${body}`)}` };
    return hooks.send(source, { headers, body });
  };

/** An event of WorkOS, made of a documented one. */
export const workos =
  (source: string, step: string, changes: object, seconds: number, type?: string): Saying =>
  (hooks) => {
    messages += 1;
    const { data, ...rest } = fixture('workos')[step] as { data: object };
    const typed = type === undefined ? {} : { event: type };
    const event = {
      ...rest,
      ...typed,
      id: `event_${messages}`,
      created_at: ago(seconds),
      data: { ...data, ...changes },
    };
    const body = JSON.stringify(event);
    const headers = {
      'workos-signature': `t=${SECONDS * 1000}, v1=${sign.hex(TEXT, `${SECONDS * 1000}.${body}`)}`,
    };
    return hooks.send(source, { headers, body });
  };

/** Opens the door with sources whose secret is the usual one of their form. */
export function openWith(
  sources: Readonly<Record<string, { readonly preset: string } & Record<string, unknown>>>,
  options: Omit<NonNullable<Parameters<typeof openHooks>[0]>, 'sources'> = {},
): Hooks {
  const secrets = Object.fromEntries(
    Object.entries(sources).map(([name, { preset }]) => [
      name,
      [preset === 'standard-webhooks' ? WHSEC : TEXT],
    ]),
  );
  return openHooks({ sources, ...options, secrets: { ...secrets, ...options.secrets } });
}

/** Who is stored in the end, as far as a person looks at it. The agents follow from it. */
export async function outcome(hooks: Hooks) {
  await hooks.read();
  const persons = [];
  for (const record of await hooks.stored()) {
    const groups = await hooks.directory.groupsOf('demo', record.id);
    persons.push({ person: plain(record), groups: groups.map(({ display }) => display).toSorted() });
  }
  return persons;
}

function plain({ person }: PersonRecord) {
  const { schemas: _, ...rest } = person;
  return rest;
}

/** Every order of a few things. */
export function permutations<Thing>(things: readonly Thing[]): Thing[][] {
  if (things.length <= 1) return [[...things]];
  return things.flatMap((first, index) =>
    permutations([...things.slice(0, index), ...things.slice(index + 1)]).map((rest) => [first, ...rest]),
  );
}
