import { openDirectory } from '../../functions/directory/directory.ts';
import { dynamoDbTable } from '../../functions/directory/dynamodb/table.ts';
import { providers } from '../../functions/providers/registry.ts';
import { provisionHandler } from '../../functions/provision/drain/handler.ts';
import type { Services } from '../../functions/provision/services.ts';
import { reconcileHandler } from '../../functions/reconcile/handler.ts';
import { workPendingEvents } from '../../functions/sources/pending-work.ts';
import { tendSources } from '../../functions/sources/schedule.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { webhookHandler } from '../../functions/webhook/handler.ts';
import { startDynamoDbLocal } from '../contract/dynamodb-local.ts';
import { resourcesOf, SHIPPED, synthesise } from '../infra/synthesis.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type Door, openDoor, SECRET as SECRET_NAME, secretWith, TOKEN } from '../scim/door.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import { sign } from '../webhook/hooks.ts';
import { printGoals } from './goals.ts';
import { Meter, type Use } from './meter.ts';
import { AS_OF, PRICES, REGION } from './prices.ts';
import { userOf } from './user.ts';

/**
 * `npm run bench -- cost`: what AWS asks for the product. Capacity units, queue requests, calls and invocations are read
 * off the real handlers on DynamoDB Local; prices are in prices.ts; what can't be measured on one machine is assumed
 * below, and printed. Fails when a goal is missed.
 */
const GOALS = { millionEvents: 3.5, fixed: 12 };

/** The most that one of a kind may use. */
const USE_GOALS: Readonly<Record<string, Partial<Use>>> = {
  create: { writeUnits: 8 },
  'change that the agent shows': { writeUnits: 6 },
  'drain, a person': { writeUnits: 8 },
  'list, 100 people in 10 groups each': { requests: 12, readUnits: 160 },
  'person of 500 groups, read': { readUnits: 20 },
  'person of 500 groups, erased': { requests: 10 },
};

const ASSUMED = {
  /** Seconds that a function is billed for, at 512 MB: by itself, and for each call to SmartAssist that it waits for. */
  doorSeconds: 0.05,
  callSeconds: 0.4,
  /** KB of log lines an invocation, and of the access log an HTTP request. */
  logKilobytes: 0.7,
  accessKilobytes: 0.5,
  minutesAMonth: 43_800,
  nightsAMonth: 30.4,
  /** Lambda asks the queue by itself: so many pollers, each so often in seconds, also where nothing is in it. */
  pollers: 5,
  pollSeconds: 20,
  /** Metrics that are written all month: those of the clock, and of a tenant that is busy. */
  metrics: 13,
  /** Environments that are kept, each of which reads the tenant's secrets every five minutes. */
  environments: 4,
  /** KB that a person takes in the table, with what is found by and with the history. */
  storedKilobytes: 4,
  /** Of each person in a month: so many changes, each of them a look-up and a write. */
  changes: 4,
} as const;

/** What a million events are made of: identity providers look up before they write, and mostly send what is known. */
const MIX: Readonly<Record<string, number>> = {
  'look-up': 0.5,
  'the same again': 0.2,
  'change that it does not show': 0.1,
  'change that the agent shows': 0.1,
  create: 0.04,
  'webhook, to the agent': 0.06,
};

const MEMORY_GB = 0.5;
const TIMES = 100;
const SECRET = `whsec_${Buffer.from('0123456789abcdef01234567').toString('base64')}`;

interface Opened {
  readonly door: Door;
  readonly services: Services;
  readonly meter: Meter;
  readonly tenant: ReturnType<typeof demoTenant>;
}

function open(database: Awaited<ReturnType<typeof startDynamoDbLocal>>): Opened {
  const meter = new Meter(database.client);
  const shipped = demoTenant();
  const sources = { hooks: sourceSchema.parse({ preset: 'standard-webhooks' }) };
  // Many calls a minute: waiting for a free one reads the budget again, and that isn't what an event costs.
  const smartassist = { ...shipped.smartassist, callsPerMinute: 60 };
  // All of a centre change one after the other: the brake counts them, and would hold back what isn't an event's cost.
  const brake = shipped.lifecycle.brake;
  const lifecycle = {
    ...shipped.lifecycle,
    brake: { ...brake, changes: { ...brake.changes, percent: 100 } },
  };
  const tenant = { ...shipped, smartassist, sources, lifecycle };
  const door = openDoor({
    tenant: { sources, lifecycle },
    smartassist,
    behaviour: { callsPerMinute: 1_000_000 },
    services: (given) => {
      const { clock, random, transport } = given;
      const table = dynamoDbTable({
        client: database.client,
        tableName: 'cost',
        random,
        sleep: clock.sleep,
        now: () => clock.now(),
      });
      return {
        directory: openDirectory(table, clock),
        transport: (request) => {
          meter.called();
          return transport(request);
        },
        ring: async () => meter.rang(),
      };
    },
  });
  const { services } = door;
  const secret = { ...JSON.parse(secretWith(TOKEN)), sources: { hooks: [SECRET] } };
  door.secrets.set(SECRET_NAME, JSON.stringify(secret));
  return { door, services, meter, tenant };
}

const names = (prefix: string) => Array.from({ length: TIMES }, (_, index) => `${prefix}-${index}`);

/** What each kind of event uses, once, in the mean of some. */
async function measure({ door, services, meter, tenant }: Opened): Promise<Record<string, Use>> {
  const configuration = { tenants: { demo: tenant } };
  const hooks = webhookHandler(configuration, services, providers);
  const drains = provisionHandler(configuration, services, {
    work: (...round) => workPendingEvents(providers, ...round),
  });
  const reconcile = reconcileHandler(configuration, services, {
    tend: (...minute) => tendSources(providers, ...minute),
  });
  const ring = { Records: [{ messageId: '1', body: '{"tenant":"demo"}' }] } as never;
  const drain = async () => void (await drains(ring, contextWith(60_000)));
  const done = async (answer: ReturnType<Door['send']>) => {
    const { status, body } = await answer;
    if (status >= 300) throw new Error(`answered ${status}: ${JSON.stringify(body)}`);
    // So that a free call is always there.
    door.clock.advance(60_000);
    return body;
  };
  const each = (list: readonly string[], work: (name: string) => Promise<unknown>) =>
    meter.during(async () => {
      for (const name of list) await work(name);
    }, list.length);

  // The catalogue is read once and kept, so it isn't what one event uses.
  await done(door.create(userOf('first')));
  await drain();
  const ids = new Map<string, string>();
  const patch = (id: string | undefined, op: object) =>
    door.send('PATCH', `/Users/${id}`, {
      body: { schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'], Operations: [op] },
    });
  const used: Record<string, Use> = {};
  used['look-up'] = await each(names('new'), (name) =>
    done(door.send('GET', '/Users', { query: { filter: `userName eq "${name}@example.com"` } })),
  );
  used.create = await each(names('new'), async (name) => {
    const { id } = await done(door.create(userOf(name)));
    ids.set(name, String(id));
  });
  const rename = (value: string) =>
    each(names('new'), (name) =>
      done(patch(ids.get(name), { op: 'replace', path: 'name.familyName', value })),
    );
  // The first of a person finds out the agent's id, once for all.
  used['first change that the agent shows'] = await rename('Other');
  used['change that the agent shows'] = await rename('Another');
  used['change that it does not show'] = await each(names('new'), (name) =>
    done(patch(ids.get(name), { op: 'replace', path: 'title', value: 'Other' })),
  );
  used['the same again'] = await each(names('new'), (name) =>
    done(patch(ids.get(name), { op: 'replace', path: 'title', value: 'Other' })),
  );
  used['list, a page of 100'] = await each(names('list'), () =>
    done(door.send('GET', '/Users', { query: { count: '100' } })),
  );
  const listed = await done(door.send('GET', '/Users', { query: { count: '100', attributes: 'id' } }));
  const members = (listed.Resources as { id: string }[]).map(({ id }) => ({ value: id }));
  const few = Array.from({ length: 10 }, (_, index) => `Team ${index}`);
  const teams: unknown[] = [];
  for (const displayName of few) {
    const schemas = ['urn:ietf:params:scim:schemas:core:2.0:Group'];
    const { id } = await done(door.send('POST', '/Groups', { body: { schemas, displayName, members } }));
    teams.push(id);
  }
  used['list, 100 people in 10 groups each'] = await each(names('list'), () =>
    done(door.send('GET', '/Users', { query: { count: '100' } })),
  );
  for (const id of teams) await done(door.send('DELETE', `/Groups/${id}`));
  await manyGroups(door, async (id) => {
    used['person of 500 groups, read'] = await meter.during(() => done(door.send('GET', `/Users/${id}`)));
    const record = await services.directory.readPerson('demo', id);
    if (record === undefined) throw new Error('a person of many groups is not there');
    used['person of 500 groups, erased'] = await meter.during(() => services.directory.erasePerson(record));
  });
  // Who was in them is due, which isn't what the events below cost.
  for (let round = 0; round < 5; round += 1) await drain();
  const group = await done(
    door.send('POST', '/Groups', {
      body: { schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'], displayName: 'Somebody' },
    }),
  );
  used['member of a group'] = await each(names('new'), (name) =>
    done(
      door.send('PATCH', `/Groups/${group.id}`, {
        body: {
          schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
          Operations: [{ op: 'add', path: 'members', value: [{ value: ids.get(name) }] }],
        },
      }),
    ),
  );
  door.clock.advance(3_600_000);
  await drain();
  const hook = async (name: string, type: string, familyName: string) => {
    const data = { ...userOf(name), name: { givenName: 'Given', familyName } };
    const body = JSON.stringify({ type, timestamp: new Date(door.clock.now()).toISOString(), data });
    const seconds = Math.floor(door.clock.now() / 1000);
    const headers = sign.standard(SECRET, `msg_${name}`, seconds, body);
    const event = scimEvent('POST', '/demo/hooks/hooks', {
      body,
      headers: { ...headers, 'content-type': 'application/json' },
    });
    const { statusCode } = await hooks(event, contextWith());
    if (Number(statusCode) >= 300) throw new Error(`a webhook was answered ${statusCode}`);
    door.clock.advance(1_000);
  };
  used.webhook = await each(names('hook'), (name) => hook(name, 'user.created', 'First'));
  used['drain, a person'] = await meter.during(async () => {
    for (let round = 0; round < 5; round += 1) await drain();
  }, TIMES);
  used['drain with nothing to do'] = await each(names('idle'), drain);
  used['minute with nothing to do'] = await each(names('minute'), () =>
    reconcile({ kind: 'minute' }, contextWith(300_000)),
  );
  used['night, a person'] = await meter.during(
    async () => {
      await reconcile({ kind: 'census' }, contextWith(300_000));
      for (let round = 0; round < 5; round += 1) {
        await drain();
        await reconcile({ kind: 'minute' }, contextWith(300_000));
      }
    },
    TIMES * 2 + 1,
  );
  return used;
}

/** A person who is in 500 groups. */
async function manyGroups(
  { directory, clock }: Door,
  measureOne: (id: string) => Promise<void>,
): Promise<void> {
  const [person] = (await directory.listPersons('demo', { limit: 1 })).persons;
  if (person === undefined) throw new Error('nobody is in the directory');
  const id = 'of-many-groups';
  const at = new Date(clock.now()).toISOString();
  const userName = `${id}@example.com`;
  const { dueAt: _, dueSince: __, lease: ___, ...rest } = person;
  const made = await directory.createPerson({
    ...rest,
    id,
    person: { ...person.person, userName, externalId: id, emails: [{ value: userName, type: 'work' }] },
    agent: { customId: id, presence: 'none' },
    state: 'waiting',
  });
  if (!made.ok) throw new Error('a person of many groups could not be made');
  for (let number = 0; number < 500; number += 1) {
    const group = {
      tenant: 'demo',
      id: `many-${number}`,
      version: 1,
      groupVersion: 1,
      createdAt: at,
      updatedAt: at,
    };
    await directory.createGroup({ ...group, group: { displayName: `Group ${number}` } });
    await directory.addMembers('demo', group.id, [{ value: id }]);
  }
  await measureOne(id);
}

/** Dollars, item by item. */
type Bill = Record<'API' | 'functions' | 'table' | 'queue' | 'logs', number>;

/** What a million of one kind cost, by what one of them used. */
function millionOf(use: Use, { requests, invocations }: { requests: number; invocations: number }): Bill {
  const seconds = invocations * ASSUMED.doorSeconds + use.calls * ASSUMED.callSeconds;
  const kilobytes = invocations * ASSUMED.logKilobytes + requests * ASSUMED.accessKilobytes;
  return {
    API: requests * PRICES.apiRequests,
    functions: invocations * PRICES.invocations + seconds * MEMORY_GB * PRICES.gigabyteSecond * 1e6,
    table: use.writeUnits * PRICES.writeUnits + use.readUnits * PRICES.readUnits,
    // Sent, received, deleted.
    queue: use.rings * 3 * PRICES.queueRequests,
    logs: kilobytes * PRICES.logs,
  };
}

const added = (a: Use, b: Use): Use => ({
  requests: a.requests + b.requests,
  writeUnits: a.writeUnits + b.writeUnits,
  readUnits: a.readUnits + b.readUnits,
  rings: a.rings + b.rings,
  calls: a.calls + b.calls,
});
const sumOf = (bill: Readonly<Record<string, number>>) =>
  Object.values(bill).reduce((sum, each) => sum + each, 0);
const rounded = (bill: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries({ ...bill, together: sumOf(bill) }).map(([key, value]) => [key, Number(value.toFixed(2))]),
  );

/** Dollars a million of each kind of event, with all that comes of it. */
function variable(used: Readonly<Record<string, Use>>): Record<string, Bill> {
  const of = (name: string): Use => {
    const use = used[name];
    if (use === undefined) throw new Error(`nobody measured ${name}`);
    return use;
  };
  const request = { requests: 1, invocations: 1 };
  const withDrain = { requests: 1, invocations: 2 };
  return {
    ...Object.fromEntries(
      [
        'look-up',
        'the same again',
        'change that it does not show',
        'change that the agent shows',
        'create',
      ].map((name) => [name, millionOf(of(name), request)]),
    ),
    'list, a page of 100': millionOf(of('list, a page of 100'), request),
    'member of a group': millionOf(added(of('member of a group'), of('drain with nothing to do')), withDrain),
    'webhook, to the agent': millionOf(added(of('webhook'), of('drain, a person')), withDrain),
  };
}

function metricsOf({ Metrics }: { readonly Metrics?: readonly { readonly MetricStat?: object }[] }): number {
  return Metrics?.filter(({ MetricStat }) => MetricStat !== undefined).length ?? 1;
}

/** Dollars a month that are there whatever happens, for one tenant. */
function fixed(used: Readonly<Record<string, Use>>): Record<string, number> {
  const { minutesAMonth, pollers, pollSeconds } = ASSUMED;
  const idle = added(used['minute with nothing to do'] as Use, used['drain with nothing to do'] as Use);
  const minute = sumOf(millionOf(idle, { requests: 0, invocations: 2 })) + PRICES.schedules;
  const polls = (pollers * minutesAMonth * 60) / pollSeconds;
  const secretCalls = (ASSUMED.environments * minutesAMonth) / 5;
  const synthesis = synthesise(SHIPPED);
  const numberOf = (type: string) => resourcesOf(synthesis.template, type).length;
  const alarms = resourcesOf(synthesis.template, 'AWS::CloudWatch::Alarm');
  // An alarm costs once for each metric that it looks at.
  const watched = alarms.reduce((sum, [, { Properties }]) => sum + metricsOf(Properties), 0);
  return {
    'a look every minute': (minute * minutesAMonth) / 1e6,
    'polling the queue': (polls / 1e6) * PRICES.queueRequests,
    'two secrets': 2 * (PRICES.secret + (secretCalls / 10_000) * PRICES.secretCalls),
    metrics: ASSUMED.metrics * PRICES.metric,
    [`metrics of ${alarms.length} alarms (${watched})`]: watched * PRICES.alarm,
    [`dashboards (${numberOf('AWS::CloudWatch::Dashboard')})`]:
      numberOf('AWS::CloudWatch::Dashboard') * PRICES.dashboard,
  };
}

function monthOf(people: number, used: Readonly<Record<string, Use>>, kinds: Record<string, Bill>) {
  const price = (name: string) => sumOf(kinds[name] ?? {}) / 1e6;
  const night = sumOf(millionOf(used['night, a person'] as Use, { requests: 0, invocations: 0 })) / 1e6;
  const gigabytes = (people * ASSUMED.storedKilobytes) / 1e6;
  return {
    fixed: sumOf(fixed(used)),
    changes: people * ASSUMED.changes * (price('look-up') + price('change that the agent shows')),
    'nightly reconciliation': people * ASSUMED.nightsAMonth * night,
    'storage and backup': gigabytes * (PRICES.storage + PRICES.backup),
  };
}

function report(used: Readonly<Record<string, Use>>): void {
  const kinds = variable(used);
  const perMillion = Object.entries(MIX).reduce(
    (sum, [name, share]) => sum + share * sumOf(kinds[name] ?? {}),
    0,
  );
  const always = fixed(used);
  const table = (rows: Record<string, object>) => console.table(rows);
  console.log(`Measured, an event in the mean of ${TIMES}:`);
  table(
    Object.fromEntries(
      Object.entries(used).map(([name, use]) => [
        name,
        Object.fromEntries(Object.entries(use).map(([key, value]) => [key, Number(value.toFixed(2))])),
      ]),
    ),
  );
  console.log(`Assumed: ${JSON.stringify(ASSUMED)}`);
  console.log(`Dollars a million, list prices of ${REGION} in ${AS_OF}:`);
  table(Object.fromEntries(Object.entries(kinds).map(([name, bill]) => [name, rounded(bill)])));
  console.log(
    `A million of the mix ${JSON.stringify(MIX)}: $${perMillion.toFixed(2)}, goal ${GOALS.millionEvents}`,
  );
  console.log(`Dollars a month that are always there, goal ${GOALS.fixed}:`);
  table({ fixed: rounded(always) });
  console.log('Dollars a month:');
  table(
    Object.fromEntries(
      [1_000, 10_000, 100_000].map((people) => [`${people} people`, rounded(monthOf(people, used, kinds))]),
    ),
  );
  printGoals([
    ...Object.entries(USE_GOALS).flatMap(([name, most]) =>
      Object.entries(most).map(([unit, goal]) => ({
        what: name,
        is: used[name]?.[unit as keyof Use] ?? Number.NaN,
        unit,
        most: goal,
      })),
    ),
    { what: 'a million of the mix', is: perMillion, unit: 'dollars', most: GOALS.millionEvents },
    { what: 'always there', is: sumOf(always), unit: 'dollars a month', most: GOALS.fixed },
  ]);
}

const database = await startDynamoDbLocal();
try {
  await database.createTable('cost');
  report(await measure(open(database)));
} finally {
  await database.stop();
}
