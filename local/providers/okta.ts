import { randomUUID } from 'node:crypto';
import { compact } from '../../functions/runtime/compact.ts';
import { decodeSegment } from '../../functions/runtime/path.ts';
import { type Answered, type Asked, Cursors, type StandIn, standIn } from './stand-in.ts';

/** A user as Okta's API shows it. */
export interface OktaUser {
  readonly id: string;
  status: string;
  readonly created: string;
  lastUpdated: string;
  profile: Readonly<Record<string, string | null>>;
}

interface LogEvent {
  readonly uuid: string;
  readonly published: string;
  readonly eventType: string;
  readonly outcome: { readonly result: string };
  readonly target: readonly Readonly<Record<string, unknown>>[];
}

export interface OktaOptions {
  readonly now: () => number;
  readonly token: string;
  /** The events of the hook; not called for those that `loses` picks. */
  readonly hook?: (event: LogEvent) => void;
  /** Makes the `uuid` of an event; without it a random one. */
  readonly uuid?: () => string;
}

const MOST = { users: 200, apps: 500, groups: 1_000, logs: 1_000 };
const USUAL = { users: 200, apps: 50, groups: 1_000, logs: 100 };
const DAY_MS = 86_400_000;

/**
 * Okta's management API as its documentation shows it, for lists, changes, single reads and the System Log. Strict: what
 * isn't documented is refused. @see https://developer.okta.com/docs/reference/user-query/
 */
export class Okta implements StandIn {
  readonly users = new Map<string, OktaUser>();
  readonly apps = new Map<string, { readonly label: string; readonly users: Map<string, string> }>();
  readonly groups = new Map<string, { readonly name: string; readonly users: Set<string> }>();
  readonly log: LogEvent[] = [];
  readonly cursors = new Cursors<{ readonly of: string; readonly from: number }>();
  /** Which events of the hook are lost on their way. */
  loses: (event: LogEvent) => boolean = () => false;
  readonly #options: OktaOptions;
  readonly #standIn: StandIn;
  #added = 0;

  constructor(options: OktaOptions) {
    this.#options = options;
    this.#standIn = standIn(
      options.now,
      {
        isAuthorized: ({ headers }) =>
          headers.authorization === `SSWS ${options.token}` ||
          headers.authorization === `Bearer ${options.token}`,
        unauthorized: error(401, 'E0000011', 'Invalid token provided'),
        throttled: (now) => ({
          ...error(429, 'E0000047', 'API call exceeded rate limit due to too many requests.'),
          headers: limits(now, 0),
        }),
        usual: (now) => limits(now, 598),
        nameOf: ({ path }) => path.replace(/\/00[a-z][^/]*|\/0oa[^/]*/g, '/{id}'),
      },
      (asked) => this.#answer(asked),
    );
  }

  get trouble() {
    return this.#standIn.trouble;
  }

  get calls() {
    return this.#standIn.calls;
  }

  answer(asked: Asked): Answered {
    return this.#standIn.answer(asked);
  }

  add(profile: Readonly<Record<string, string | null>>, status = 'ACTIVE'): string {
    this.#added += 1;
    const id = `00u${String(this.#added).padStart(17, '0')}`;
    const at = this.#now();
    this.users.set(id, { id, status, created: at, lastUpdated: at, profile });
    this.#happens('user.lifecycle.create', id);
    return id;
  }

  change(id: string, profile: Readonly<Record<string, string | null>>): void {
    const user = this.#user(id);
    user.profile = { ...user.profile, ...profile };
    user.lastUpdated = this.#now();
    this.#happens('user.account.update_profile', id);
  }

  /** Takes the applications away, and leaves the groups. */
  deactivate(id: string): void {
    this.#setStatus(id, 'DEPROVISIONED', 'user.lifecycle.deactivate');
    for (const [app, { users }] of this.apps) if (users.delete(id)) this.#appEvent('remove', id, app);
  }

  suspend(id: string): void {
    this.#setStatus(id, 'SUSPENDED', 'user.lifecycle.suspend');
  }

  activate(id: string): void {
    this.#setStatus(id, 'ACTIVE', 'user.lifecycle.activate');
  }

  delete(id: string): void {
    this.#happens('user.lifecycle.delete.initiated', id);
    this.users.delete(id);
    for (const { users } of this.apps.values()) users.delete(id);
    for (const { users } of this.groups.values()) users.delete(id);
  }

  addApp(label: string): string {
    const id = `0oa${String(this.apps.size + 1).padStart(17, '0')}`;
    this.apps.set(id, { label, users: new Map() });
    return id;
  }

  assign(app: string, id: string): void {
    this.apps.get(app)?.users.set(id, 'ACTIVE');
    this.#appEvent('add', id, app);
  }

  unassign(app: string, id: string): void {
    this.apps.get(app)?.users.delete(id);
    this.#appEvent('remove', id, app);
  }

  addGroup(name: string): string {
    const id = `00g${String(this.groups.size + 1).padStart(17, '0')}`;
    this.groups.set(id, { name, users: new Set() });
    return id;
  }

  join(group: string, id: string): void {
    this.groups.get(group)?.users.add(id);
    this.#groupEvent('add', id, group);
  }

  leave(group: string, id: string): void {
    this.groups.get(group)?.users.delete(id);
    this.#groupEvent('remove', id, group);
  }

  #now(): string {
    return new Date(this.#options.now()).toISOString();
  }

  #user(id: string): OktaUser {
    const user = this.users.get(id);
    if (user === undefined) throw new Error(`no user ${id}`);
    return user;
  }

  #setStatus(id: string, status: string, eventType: string): void {
    const user = this.#user(id);
    user.status = status;
    user.lastUpdated = this.#now();
    this.#happens(eventType, id);
  }

  #appEvent(change: 'add' | 'remove', id: string, app: string): void {
    const { label = '' } = this.apps.get(app) ?? {};
    this.#happens(`application.user_membership.${change}`, id, {
      id: app,
      type: 'AppInstance',
      alternateId: label,
      displayName: label,
    });
  }

  #groupEvent(change: 'add' | 'remove', id: string, group: string): void {
    const { name = '' } = this.groups.get(group) ?? {};
    this.#happens(`group.user_membership.${change}`, id, {
      id: group,
      type: 'UserGroup',
      alternateId: 'unknown',
      displayName: name,
    });
  }

  #happens(eventType: string, id: string, also?: Readonly<Record<string, unknown>>): void {
    const profile: OktaUser['profile'] = this.users.get(id)?.profile ?? {};
    const user = {
      id,
      type: 'User',
      alternateId: profile.login ?? 'unknown',
      displayName: `${profile.firstName} ${profile.lastName}`,
      detailEntry: null,
    };
    const event: LogEvent = {
      uuid: (this.#options.uuid ?? randomUUID)(),
      published: this.#now(),
      eventType,
      outcome: { result: 'SUCCESS' },
      target: also === undefined ? [user] : [user, { ...also, detailEntry: null }],
    };
    this.log.push(event);
    if (!this.loses(event)) this.#options.hook?.(event);
  }

  #answer(asked: Asked): Answered {
    const { method, path, query } = asked;
    if (method !== 'GET')
      return error(405, 'E0000022', 'The endpoint does not support the provided HTTP method');
    if (path === '/api/v1/users') return this.#listUsers(asked);
    if (path === '/api/v1/logs') return this.#readLog(asked);
    if (path === '/api/v1/apps') {
      const q = (query.get('q') ?? '').toLowerCase();
      const found = [...this.apps].filter(([, { label }]) => label.toLowerCase().startsWith(q));
      return {
        status: 200,
        body: found.map(([id, { label }]) => ({ id, label, name: 'oidc_client', status: 'ACTIVE' })),
      };
    }
    if (path === '/api/v1/groups') {
      const wrong = unknownOf(query, ['limit', 'after', 'q']);
      if (wrong !== undefined) return wrong;
      const q = query.get('q') ?? '';
      const found = [...this.groups]
        .filter(([, { name }]) => name.toLowerCase().startsWith(q.toLowerCase()))
        .map(([id, { name }]) => groupBody(id, name));
      return this.#page(asked, 'groups', found, (group) => group);
    }
    const [, kind, id = '', what, user = ''] =
      /^\/api\/v1\/(users|apps|groups)\/([^/]+)(?:\/(users|groups)(?:\/([^/]+))?)?$/.exec(path) ?? [];
    switch (`${kind}/${what ?? ''}`) {
      case 'users/':
        return this.#one(decodeSegment(id));
      case 'users/groups': {
        const of = [...this.groups].filter(([, { users }]) => users.has(id));
        return { status: 200, body: of.map(([group, { name }]) => groupBody(group, name)) };
      }
      case 'apps/':
        return this.apps.has(id)
          ? { status: 200, body: { id, label: this.apps.get(id)?.label } }
          : notFound(id);
      case 'apps/users':
        return user === '' ? this.#listApp(asked, id) : this.#appUser(id, user);
      case 'groups/users':
        return this.#listGroup(asked, id);
      default:
        return notFound(path);
    }
  }

  #one(name: string): Answered {
    const user =
      this.users.get(name) ?? [...this.users.values()].find(({ profile }) => profile.login === name);
    return user === undefined ? notFound(name) : { status: 200, body: userBody(user) };
  }

  #listUsers(asked: Asked): Answered {
    const { query } = asked;
    const wrong = unknownOf(query, ['limit', 'after', 'filter']);
    if (wrong !== undefined) return wrong;
    const filter = query.get('filter');
    const all = [...this.users.values()];
    if (filter === null)
      return this.#page(
        asked,
        'users',
        all.filter(({ status }) => status !== 'DEPROVISIONED'),
        userBody,
      );
    const [, since] = /^lastUpdated gt "([^"]+)"$/.exec(filter) ?? [];
    const [, status] = /^status eq "([A-Z_]+)"$/.exec(filter) ?? [];
    if (since === undefined && status === undefined) {
      return error(400, 'E0000031', 'Invalid search criteria.');
    }
    const found = all.filter((user) =>
      status === undefined ? user.lastUpdated > (since ?? '') : user.status === status,
    );
    return this.#page(asked, 'users', found, userBody);
  }

  #listApp(asked: Asked, id: string): Answered {
    const wrong = unknownOf(asked.query, ['limit', 'after', 'expand', 'q']);
    if (wrong !== undefined) return wrong;
    const app = this.apps.get(id);
    if (app === undefined) return notFound(id);
    const expands = asked.query.get('expand') === 'user';
    const rows = [...app.users].map(([user, status]) => this.#appUserBody(user, status, expands));
    return this.#page(asked, 'apps', rows, (row) => row);
  }

  #appUser(id: string, user: string): Answered {
    const status = this.apps.get(id)?.users.get(user);
    return status === undefined
      ? notFound(user)
      : { status: 200, body: this.#appUserBody(user, status, false) };
  }

  #appUserBody(id: string, status: string, expands: boolean) {
    const user = this.users.get(id);
    return {
      id,
      scope: 'USER',
      status,
      syncState: 'DISABLED',
      credentials: { userName: user?.profile.login ?? '' },
      profile: {},
      ...compact({ _embedded: expands && user !== undefined ? { user: userBody(user) } : undefined }),
    };
  }

  #listGroup(asked: Asked, id: string): Answered {
    const wrong = unknownOf(asked.query, ['limit', 'after']);
    if (wrong !== undefined) return wrong;
    const group = this.groups.get(id);
    if (group === undefined) return notFound(id);
    const users = [...group.users].flatMap((each) => this.users.get(each) ?? []);
    return this.#page(asked, 'groups', users, userBody);
  }

  /** A page with its links; the last one has no `next`. */
  #page<Row extends { readonly id: string }>(
    asked: Asked,
    kind: 'users' | 'apps' | 'groups',
    all: readonly Row[],
    bodyOf: (row: Row) => unknown,
  ): Answered {
    const { query } = asked;
    const limit = Number(query.get('limit') ?? USUAL[kind]);
    if (!Number.isInteger(limit) || limit < 1 || limit > MOST[kind]) {
      return error(400, 'E0000001', `Api validation failed: limit`);
    }
    const after = query.get('after');
    const of = signatureOf(asked);
    const place = after === null ? { of, from: 0 } : this.cursors.at(after);
    if (place?.of !== of) return error(400, 'E0000031', 'Invalid search criteria: after.');
    const { hidden } = this.trouble;
    const seen = hidden.size === 0 ? all : all.filter(({ id }) => !hidden.has(id));
    const rows = seen.slice(place.from, place.from + limit).map(bodyOf);
    const end = place.from + limit;
    const links = [`<${linkOf(asked)}>; rel="self"`];
    if (end < seen.length) links.push(`<${linkOf(asked, this.cursors.make({ of, from: end }))}>; rel="next"`);
    return { status: 200, headers: { link: links.join(', ') }, body: rows };
  }

  /** The polling form: every answer has a link to the next page, and an empty one is "nothing new". */
  #readLog(asked: Asked): Answered {
    const { query } = asked;
    const wrong = unknownOf(query, ['since', 'until', 'after', 'limit', 'filter', 'sortOrder']);
    if (wrong !== undefined) return wrong;
    const [since, after] = [query.get('since'), query.get('after')];
    if (since !== null && after !== null) return error(400, 'E0000053', 'since and after exclude each other');
    if (since !== null && this.#options.now() - Date.parse(since) > 180 * DAY_MS) {
      return error(400, 'E0000053', 'Invalid field: since');
    }
    const limit = Number(query.get('limit') ?? USUAL.logs);
    if (limit > MOST.logs) return error(400, 'E0000001', 'Api validation failed: limit');
    const types = (query.get('filter') ?? '').split(' or ').flatMap((each) => {
      const [, type] = /^eventType eq "([^"]+)"$/.exec(each) ?? [];
      return type ?? [];
    });
    if (types.length === 0) return error(400, 'E0000053', 'Invalid field: filter');
    const of = types.join();
    const place = after === null ? { of, from: 0 } : this.cursors.at(after);
    if (place?.of !== of) return error(400, 'E0000053', 'Invalid field: after');
    const rows: LogEvent[] = [];
    let from = place.from;
    for (; from < this.log.length && rows.length < limit; from += 1) {
      const event = this.log[from];
      if (event === undefined || !types.includes(event.eventType)) continue;
      if (since === null || event.published >= new Date(Date.parse(since)).toISOString()) rows.push(event);
    }
    query.delete('since');
    const next = linkOf(asked, this.cursors.make({ of, from }));
    return {
      status: 200,
      headers: { link: `<${linkOf(asked)}>; rel="self", <${next}>; rel="next"` },
      body: rows,
    };
  }
}

function limits(now: number, remaining: number): Record<string, string> {
  return {
    'x-rate-limit-limit': '600',
    'x-rate-limit-remaining': String(remaining),
    'x-rate-limit-reset': String(Math.floor(now / 1_000) + 7),
  };
}

function error(status: number, errorCode: string, errorSummary: string): Answered {
  return {
    status,
    body: { errorCode, errorSummary, errorLink: errorCode, errorId: 'oae1', errorCauses: [] },
  };
}

function notFound(what: string): Answered {
  return error(404, 'E0000007', `Not found: Resource not found: ${what}`);
}

/** A parameter that isn't documented. */
function unknownOf(query: URLSearchParams, known: readonly string[]): Answered | undefined {
  const unknown = [...query.keys()].find((name) => !known.includes(name));
  return unknown === undefined ? undefined : error(400, 'E0000001', `Api validation failed: ${unknown}`);
}

/** All parameters but the place: a cursor is good for the same question alone. */
function signatureOf({ path, query }: Asked): string {
  return [path, ...[...query].filter(([name]) => name !== 'after').map(([name, value]) => `${name}=${value}`)]
    .toSorted()
    .join('&');
}

function linkOf({ origin, path, query }: Asked, after?: string): string {
  const next = new URLSearchParams(query);
  if (after !== undefined) next.set('after', after);
  return `${origin}${path}?${next}`;
}

function userBody({ id, status, created, lastUpdated, profile }: OktaUser) {
  return {
    id,
    status,
    created,
    activated: created,
    statusChanged: created,
    lastLogin: null,
    lastUpdated,
    passwordChanged: null,
    type: { id: 'oty1' },
    profile,
    _links: { self: { href: `https://acme.okta.com/api/v1/users/${id}` } },
  };
}

function groupBody(id: string, name: string) {
  return { id, objectClass: ['okta:user_group'], type: 'OKTA_GROUP', profile: { name, description: null } };
}
