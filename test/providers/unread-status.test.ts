import { describe, expect, it } from 'vitest';
import { listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import { openStates } from '../../functions/events/source-state.ts';
import { fixture, PROVIDER_CASES } from '../webhook/providers.ts';
import { answer, pass, type Talk, talkTo } from './saying.ts';

type Values = Readonly<Record<string, unknown>>;

const without = (values: Values, ...names: string[]): Values =>
  Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)));
const personOf = (preset: string) => fixture(preset).person as Values;
const GUSTO_LEAVER = {
  ...(fixture('gusto').leave as Values),
  uuid: 'uuid-effective',
  event_type: 'employee.termination_effective',
};
const { employees } = personOf('hibob') as { employees: Values[] };

/** Readings in which the provider leaves out what the key may not read: the status. */
const READINGS: readonly [
  preset: string,
  email: string,
  leaver: unknown,
  unread: Values,
  isSigned: boolean,
][] = [
  ['gusto', 'gus@gusto.example', GUSTO_LEAVER, without(personOf('gusto'), 'terminated'), true],
  [
    'hibob',
    'hilda@bob.example',
    'leave',
    { employees: employees.map((each) => without(each, 'internal')) },
    true,
  ],
  ['bamboohr', 'bryony@bamboo.example', 'remove', without(personOf('bamboohr'), 'status'), true],
  [
    'okta-event-hook',
    'john.doe@example.com',
    'leave',
    { id: '00u3m90rxKjGQ0G6L1d6', profile: { login: 'john.doe@example.com', lastName: 'Doe' } },
    false,
  ],
];

/** The person as the provider's API has it in service. */
const readOf = (preset: string): unknown => {
  const { fetched } = PROVIDER_CASES.find((each) => each.preset === preset) ?? {};
  const person = fixture(preset).person as Values | undefined;
  return fetched === undefined ? person : fetched('create', person ?? {});
};

const waiting = async ({ services }: Talk) =>
  (await listAwaitingConfirmation(services, 'demo', { limit: 10 })).events.length;

describe('a leaver whose reading says nothing of being in service', () => {
  it.each(READINGS)('%s', async (preset, email, leaver, unread, isSigned) => {
    let person = readOf(preset);
    const hooks = talkTo(preset, { provider: () => answer(person) });
    await hooks.say('create');
    await pass(hooks, 3);
    expect(hooks.agents().active).toEqual([email]);
    person = unread;
    hooks.clock.advance(20 * 60_000);
    await hooks.say(leaver);
    await pass(hooks, 3);
    expect((await openStates(hooks.services).get('demo', 'people')).unread?.what).toContain(
      "status can't be read",
    );
    const [active, suspended] = isSigned ? [[], [email]] : [[email], []];
    expect({ ...hooks.agents(), waiting: await waiting(hooks) }).toEqual({
      active,
      suspended,
      waiting: isSigned ? 0 : 1,
    });
  });
});
