import { describe, expect, it } from 'vitest';
import { ada, type DoorOptions, detailOf, openDoor, provisioningOf } from './door.ts';

/** Sends a person who must be refused for a value, holds that nothing is left of it, and gives the words. */
async function refusalOf(
  changes: Readonly<Record<string, unknown>>,
  options: DoorOptions = {},
): Promise<string> {
  const { create, stored, simulator, logged } = openDoor(options);
  const detail = detailOf(await create(ada(changes)), 400, 'invalidValue');
  expect(await stored()).toEqual([]);
  expect(simulator.calls()).not.toHaveProperty('POST /agents');
  expect(logged.join()).not.toMatch(/lovelace|1234-567/i);
  return detail;
}

describe('a person who is not complete', () => {
  it.each([
    ['missing', undefined],
    ['empty', ''],
    ['null', null],
    ['no text', { first: 'ada' }],
  ])('is refused with a userName that is %s', async (_, userName) => {
    expect(await refusalOf({ userName })).toContain('userName');
  });

  it('is refused without an e-mail address to be had', async () => {
    const detail = await refusalOf({ userName: 'ada', emails: undefined });
    expect(detail).toContain('emailId');
    expect(detail).toContain('"ada" is not an e-mail address');
  });

  it('is refused with an address that is none, naming the attribute that it came from', async () => {
    const detail = await refusalOf({ emails: [{ value: 'ada at work', type: 'work' }] });
    expect(detail).toContain(
      'emails[type eq "work"].value (emailId): "ada at work" is not an e-mail address',
    );
  });

  it.each([
    ['givenName', { givenName: 'x'.repeat(51), familyName: 'Lovelace' }],
    ['familyName', { givenName: 'Ada', familyName: '😀'.repeat(51) }],
  ])('is refused with a name.%s of 51 characters', async (attribute, name) => {
    const detail = await refusalOf({ name });
    expect(detail).toContain(`name.${attribute}`);
    expect(detail).toMatch(/"(x|😀){57}…"|"(x|😀){51}"/u);
    expect(detail).toContain('is not 1 to 50 characters long');
  });

  it.each(['x'.repeat(50), '😀'.repeat(50)])('is taken with a name of 50 characters', async (givenName) => {
    const { create, simulator } = openDoor();
    expect((await create(ada({ name: { givenName, familyName: 'L' } }))).status).toBe(201);
    expect(simulator.agents().map(({ firstName }) => firstName)).toEqual([givenName]);
  });

  it('is refused for everything at once', async () => {
    const detail = await refusalOf({
      name: { givenName: 'x'.repeat(51), familyName: 'y'.repeat(51) },
      emails: [{ value: 'none', primary: true }],
    });
    expect(detail).toMatch(/emailId.*firstName.*lastName/);
  });
});

describe('a phone number', () => {
  const older: DoorOptions = { smartassist: { profile: 'smartassist' } };

  it('without a digit is refused, and quoted since it is none', async () => {
    const detail = await refusalOf({ phoneNumbers: [{ value: 'ext. none', type: 'work' }] }, older);
    expect(detail).toContain('phoneNumbers[type eq "work"].value (phoneNumber): "ext. none" has no digits');
  });

  it('that is missing is refused where the profile requires one, and not where it does not', async () => {
    const detail = await refusalOf({ phoneNumbers: undefined }, older);
    expect(detail).toContain('phoneNumbers');
    expect(detail).toContain('smartassist profile of SmartAssist requires phoneNumber');
    expect((await openDoor().create(ada({ phoneNumbers: undefined }))).status).toBe(201);
  });

  it('is sent as digits', async () => {
    const { create, simulator } = openDoor(older);
    expect((await create(ada())).status).toBe(201);
    expect(simulator.agents().map(({ phoneNumber }) => String(phoneNumber))).toEqual(['49301234567']);
  });
});

describe('a rule that names what SmartAssist does not have', () => {
  const everything = {
    agentGroup: 'Billing',
    role: 'Agent',
    chat: { languages: [{ language: 'en', proficiency: 'good' as const }] },
  };

  it.each([
    [
      'skill',
      { skills: [{ skill: 'Billing/Refnds', proficiency: 'good' as const }] },
      'Billing/Refnds',
      'Billing/Refunds',
    ],
    ['agent group', { agentGroup: 'Technical Suport' }, 'Technical Suport', 'Technical Support'],
    ['queue', { queues: [{ queue: 'Suport' }] }, 'Suport', 'Support'],
    ['role', { role: 'Agnet' }, 'Agnet', 'Agent'],
  ])('is refused with the nearest that it has: %s', async (kind, set, wrong, right) => {
    const detail = await refusalOf(
      {},
      { tenant: { rules: [{ name: 'typist', set: { ...everything, ...set } }] } },
    );
    expect(detail).toContain(`rule "typist": ${kind} "${wrong}" does not exist in SmartAssist`);
    expect(detail.slice(detail.indexOf('the nearest names are: '))).toContain(right);
  });

  it('is refused where the name could be either of two', async () => {
    const skills = [{ skill: 'Refunds', proficiency: 'good' as const }];
    const detail = await refusalOf(
      {},
      { tenant: { rules: [{ name: 'vague', set: { ...everything, skills } }] } },
    );
    expect(detail).toContain('write one of: Billing/Refunds, Support/Refunds');
  });
});

describe('an agent whom SmartAssist refuses', () => {
  it('is refused in its words and not stored, and the same request works afterwards', async () => {
    const { create, stored, simulator } = openDoor({
      behaviour: { faults: [{ on: 'POST /agents', kind: 'status', status: 400, times: 1 }] },
    });
    const detail = detailOf(await create(ada()), 400, 'invalidValue');
    expect(detail).toContain('SmartAssist');
    expect(await stored()).toEqual([]);
    const again = await create(ada());
    expect(again.status).toBe(201);
    expect(provisioningOf(again).state).toBe('provisioned');
    expect(await stored()).toHaveLength(1);
    expect(simulator.agents()).toHaveLength(1);
  });

  it('is stored where an agent with the address is there already: it is looked for, and adopted when found', async () => {
    const { create, stored, simulator } = openDoor();
    await simulator.seedAgent({ emailId: 'ada.lovelace@example.com' });
    const answer = await create(ada());
    expect(answer.status).toBe(201);
    expect(provisioningOf(answer).state).toBe('due');
    expect(provisioningOf(answer).lastError).toContain('being looked for');
    expect(await stored()).toHaveLength(1);
    expect(simulator.agents()).toHaveLength(1);
  });

  it('can be looked for and is not there', async () => {
    const { create, send } = openDoor({
      behaviour: { faults: [{ on: 'POST /agents', kind: 'status', status: 422, times: 1 }] },
    });
    const detail = detailOf(await create(ada()), 400, 'invalidValue');
    expect(detail).toContain('(422): simulated fault');
    const found = await send('GET', '/Users', { query: { filter: 'userName eq "ada@example.com"' } });
    expect(found.body).toMatchObject({ totalResults: 0, Resources: [] });
  });
});
