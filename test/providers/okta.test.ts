import { describe, expect, it } from 'vitest';
import { confirmPending, listAwaitingConfirmation } from '../../functions/events/confirm.ts';
import type { HttpRequest, HttpResponse } from '../../functions/runtime/transport.ts';
import { ago, openWith, TEXT } from '../events/story.ts';
import type { Hooks } from '../webhook/hooks.ts';
import { fixture } from '../webhook/providers.ts';

const APPLICATION = '0oa1gjh63g214q0Hq0g4';
const JOHN = 'john.doe@example.com';

interface LogEvent {
  readonly target: readonly { readonly type: string; readonly [key: string]: unknown }[];
  readonly [key: string]: unknown;
}

let events = 0;

/** An event of the fixture with another type, other targets, and a time of its own. */
function said(step: string, seconds: number, eventType?: string, targets: Record<string, object> = {}) {
  const { data, ...envelope } = fixture('okta-event-hook')[step] as { data: { events: LogEvent[] } };
  const [event] = data.events;
  events += 1;
  const target = event?.target.map((each) => ({ ...each, ...targets[each.type] }));
  const changed = { ...event, ...(eventType === undefined ? {} : { eventType }), target };
  return { ...envelope, data: { events: [{ ...changed, uuid: `uuid-${events}`, published: ago(seconds) }] } };
}

const say = (hooks: Hooks, ...args: Parameters<typeof said>) =>
  hooks.send('okta', { headers: { authorization: TEXT }, body: said(...args) });

async function confirmAll({ services, settle }: Hooks) {
  const { events: pending } = await listAwaitingConfirmation(services, 'demo', { limit: 10 });
  for (const { id } of pending) await confirmPending(services, 'demo', id);
  await settle();
}

const ok = (value: unknown): HttpResponse => ({ status: 200, headers: {}, body: JSON.stringify(value) });
const NOT_FOUND: HttpResponse = { status: 404, headers: {}, body: '{"errorCode":"E0000007"}' };

/** Okta as its management API answers: a user, an application, and an assignment that can be taken away. */
function okta() {
  const state = { isAssigned: true, hasApplication: true, status: 'ACTIVE' };
  const answer = ({ url }: HttpRequest): HttpResponse => {
    const path = new URL(url).pathname;
    const id = '00u3m90rxKjGQ0G6L1d6';
    if (path === `/api/v1/users/${id}`) {
      const profile = { login: JOHN, email: JOHN, firstName: 'John', lastName: 'Doe' };
      return ok({ id, status: state.status, profile });
    }
    if (path === '/api/v1/apps') return ok([{ id: APPLICATION, label: 'Contact Centre' }]);
    if (!state.hasApplication) return NOT_FOUND;
    if (path === `/api/v1/apps/${APPLICATION}`) return ok({ id: APPLICATION, label: 'Contact Centre' });
    if (path === `/api/v1/apps/${APPLICATION}/users/${id}`) {
      return state.isAssigned ? ok({ id, status: 'ACTIVE', scope: 'USER' }) : NOT_FOUND;
    }
    return NOT_FOUND;
  };
  return { state, answer };
}

const scope = { application: APPLICATION };
const withoutReading = () => openWith({ okta: { preset: 'okta-event-hook', scope } });
const RETURNS = [
  'user.account.update_profile',
  'user.lifecycle.unsuspend',
  'user.lifecycle.reactivate',
  'user.lifecycle.activate',
];

function withReading(application = APPLICATION) {
  const { state, answer } = okta();
  const hooks = openWith(
    { okta: { preset: 'okta-event-hook', scope: { application }, fetch: { domain: 'acme.okta.com' } } },
    { secrets: { 'okta.fetch': ['token'] }, provider: answer },
  );
  return { ...hooks, okta: state };
}

/** More than the tries that a reading makes before "not found" counts. */
async function wait(hooks: Hooks) {
  for (let minutes = 0; minutes < 5; minutes += 1) {
    await hooks.settle();
    hooks.clock.advance(60_000);
  }
}

describe('the application of the scope', () => {
  it.each(RETURNS)('keeps out who lost it, whatever %s says of the account', async (type) => {
    const hooks = withoutReading();
    await say(hooks, 'assign', 60);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([JOHN]);
    await say(hooks, 'unassign', 50);
    await confirmAll(hooks);
    expect(hooks.agents()).toEqual({ active: [], suspended: [JOHN] });
    await say(hooks, 'update', 40, type);
    await confirmAll(hooks);
    expect(hooks.agents()).toEqual({ active: [], suspended: [JOHN] });
    await say(hooks, 'assign', 30);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([JOHN]);
  });

  it.each(RETURNS)('is asked for at every reading: %s brings nobody back', async (type) => {
    const hooks = withReading();
    await say(hooks, 'assign', 60);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([JOHN]);
    // Nobody heard of it: the event was lost.
    hooks.okta.isAssigned = false;
    await say(hooks, 'update', 40, type);
    await wait(hooks);
    expect(hooks.agents()).toEqual({ active: [], suspended: [JOHN] });
    hooks.okta.isAssigned = true;
    await say(hooks, 'assign', 30);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([JOHN]);
  });

  it('is no way back for a suspended account', async () => {
    const hooks = withReading();
    await say(hooks, 'assign', 60);
    await hooks.settle();
    hooks.okta.status = 'SUSPENDED';
    await say(hooks, 'unassign', 50);
    await hooks.settle();
    await say(hooks, 'assign', 40);
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [], suspended: [JOHN] });
  });

  it.each(['assign', 'unassign'])('is not another one: %s of that says nothing', async (step) => {
    const hooks = withoutReading();
    if (step === 'unassign') await say(hooks, 'assign', 60);
    await hooks.settle();
    const before = hooks.agents();
    const other = { AppInstance: { id: '0oa9other000000000000', alternateId: 'Wiki', displayName: 'Wiki' } };
    const { status } = await say(hooks, step, 50, undefined, other);
    expect(status).toBe(200);
    await confirmAll(hooks);
    expect(hooks.agents()).toEqual(before);
    expect(hooks.numbers.of('Ignored')).toEqual({ '': 1 });
  });

  it('makes no agent of a user who is not assigned', async () => {
    const hooks = withoutReading();
    await say(hooks, 'create', 60);
    await say(hooks, 'update', 50);
    await hooks.settle();
    expect(hooks.agents()).toEqual({ active: [], suspended: [] });
    await say(hooks, 'assign', 40);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([JOHN]);
  });

  it('may be named by its label', async () => {
    const hooks = withReading('contact centre');
    await say(hooks, 'assign', 60);
    await hooks.settle();
    expect(hooks.agents().active).toEqual([JOHN]);
    hooks.okta.isAssigned = false;
    await say(hooks, 'unassign', 50);
    await wait(hooks);
    expect(hooks.agents()).toEqual({ active: [], suspended: [JOHN] });
  });

  it('that was deleted puts nobody out of service', async () => {
    const hooks = withReading();
    await say(hooks, 'assign', 60);
    await hooks.settle();
    hooks.okta.hasApplication = false;
    await say(hooks, 'unassign', 50);
    await wait(hooks);
    expect(hooks.agents().active).toEqual([JOHN]);
    expect(await listAwaitingConfirmation(hooks.services, 'demo', { limit: 10 })).toMatchObject({
      events: [{ body: { lastError: expect.stringContaining('scope.application') } }],
    });
  });

  it('has to be named before events of applications say anything', async () => {
    const hooks = openWith({ okta: { preset: 'okta-event-hook' } });
    await say(hooks, 'create', 60);
    await hooks.settle();
    await say(hooks, 'unassign', 50);
    await confirmAll(hooks);
    expect(hooks.agents().active).toEqual([JOHN]);
    expect(hooks.numbers.of('Rejected')).toEqual({ 'bad-item': 1 });
  });
});

describe('the user name that an application has for a user', () => {
  it.each(['assign', 'unassign'])('is not the login: %s', async (step) => {
    const hooks = withoutReading();
    await say(hooks, 'create', 60);
    const named = { AppUser: { alternateId: 'jdoe-in-the-application' } };
    await say(hooks, step, 50, undefined, named);
    await hooks.settle();
    expect((await hooks.stored()).map(({ person }) => person.userName)).toEqual([JOHN]);
  });

  it('names nobody without the user', async () => {
    const hooks = withoutReading();
    await say(hooks, 'assign', 60, undefined, { User: { type: 'Other' } });
    expect(await hooks.stored()).toEqual([]);
    expect(hooks.numbers.of('Rejected')).toEqual({ 'bad-item': 1 });
  });
});
