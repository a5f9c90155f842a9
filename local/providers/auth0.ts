import { gzipSync } from 'node:zlib';
import { compact } from '../../functions/runtime/compact.ts';
import { decodeSegment } from '../../functions/runtime/path.ts';
import { type Company, type Employee, People } from './company.ts';
import { type Answered, type Asked, type StandIn, standIn } from './stand-in.ts';

const MOST = 1_000;
/** A job takes some time, its link is good for a minute, and it is let go of after a day. */
const JOB_MS = 15_000;
const LINK_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Auth0Options {
  /** Whether an export says of users that they are blocked: it isn't documented. */
  readonly exportsBlocked?: boolean;
}

interface Job {
  readonly fields: readonly string[];
  readonly createdAt: number;
}

/** Auth0's Management API as its documentation shows it: a search gives its first 1,000 hits and no more. */
export function openAuth0(now: () => number, { exportsBlocked = true }: Auth0Options = {}): Company {
  const people = new People(now, (number) => `auth0|${String(number).padStart(24, '0')}`);
  const jobs = new Map<string, Job>();
  const known: StandIn = standIn(
    now,
    {
      isAuthorized: ({ path, headers }) =>
        path === '/oauth/token' ||
        (path.startsWith('/exports/')
          ? headers.authorization === undefined
          : headers.authorization === 'Bearer auth0-token'),
      unauthorized: error(401, 'Unauthorized', 'Expired token received for JSON Web Token validation'),
      throttled: (at) => ({
        ...error(429, 'Too Many Requests', 'Global limit has been reached'),
        headers: limits(at, 0),
      }),
      usual: (at) => limits(at, 9),
      nameOf: ({ path }) => path.replace(/\/users\/.+/, '/users/{id}').replace(/\bjob_\w+/, '{job}'),
    },
    (asked) => {
      if (asked.path === '/oauth/token') {
        return {
          status: 200,
          body: { access_token: 'auth0-token', expires_in: 86_400, token_type: 'Bearer' },
        };
      }
      if (asked.path === '/api/v2/users') return search(asked);
      if (asked.path === '/api/v2/jobs/users-exports') return makeJob(asked);
      const [, job] = /^\/api\/v2\/jobs\/(job_\w+)$/.exec(asked.path) ?? [];
      if (job !== undefined) return jobOf(asked, job);
      const [, file, stamp] = /^\/exports\/(job_\w+)\/(\d+)\/acme\.json\.gz$/.exec(asked.path) ?? [];
      if (file !== undefined) return exportOf(file, Number(stamp));
      const [, id = ''] = /^\/api\/v2\/users\/([^/]+)$/.exec(asked.path) ?? [];
      const employee = people.all.get(decodeSegment(id));
      return employee === undefined
        ? error(404, 'Not Found', 'The user does not exist.')
        : { status: 200, body: userOf(employee) };
    },
  );

  function makeJob({ method, body }: Asked): Answered {
    const { format, fields } = JSON.parse(body || '{}');
    const isRight = method === 'POST' && format === 'json' && Array.isArray(fields);
    if (!isRight) return error(400, 'Bad Request', 'Payload validation error');
    const id = `job_${String(jobs.size + 1).padStart(16, '0')}`;
    jobs.set(id, { fields: fields.map(({ name }) => String(name)), createdAt: now() });
    const created_at = new Date(now()).toISOString();
    return { status: 200, body: { type: 'users_export', status: 'pending', format, fields, created_at, id } };
  }

  function jobOf({ origin }: Asked, id: string): Answered {
    const job = jobs.get(id);
    if (job === undefined || now() - job.createdAt > DAY_MS)
      return error(404, 'Not Found', 'The job does not exist.');
    const isDone = now() - job.createdAt >= JOB_MS;
    return {
      status: 200,
      body: {
        type: 'users_export',
        status: isDone ? 'completed' : 'processing',
        id,
        ...compact({ location: isDone ? `${origin}/exports/${id}/${now()}/acme.json.gz` : undefined }),
      },
    };
  }

  /** One user a line. The link is signed, and is refused with a token beside it. */
  function exportOf(id: string, at: number): Answered {
    const job = jobs.get(id);
    if (job === undefined || now() - at > LINK_MS)
      return { status: 403, body: '<Error>Request has expired</Error>' };
    const lines = [...people.all.values()]
      .filter((each) => !known.trouble.hidden.has(each.id))
      .map((each) => {
        const { blocked, ...user } = userOf(each);
        const whole: Readonly<Record<string, unknown>> = {
          ...user,
          ...compact({ blocked: exportsBlocked ? blocked : undefined }),
        };
        return JSON.stringify(Object.fromEntries(job.fields.map((name) => [name, whole[name]])));
      });
    return { status: 200, bytes: gzipSync(lines.map((line) => `${line}\n`).join('')) };
  }

  function search({ query }: Asked): Answered {
    const [page, size] = [Number(query.get('page')), Number(query.get('per_page') ?? 50)];
    if (!Number.isInteger(page) || size < 1 || size > 100)
      return error(400, 'Bad Request', 'Query validation error');
    if ((page + 1) * size > MOST)
      return error(400, 'Bad Request', 'You can only page through the first 1000 records.');
    const [field, order] = (query.get('sort') ?? 'created_at:1').split(':');
    if ((field !== 'created_at' && field !== 'updated_at') || order !== '1')
      return error(400, 'Bad Request', 'sort');
    const timeOf = ({ createdAt, updatedAt }: Employee) => (field === 'created_at' ? createdAt : updatedAt);
    const q = query.get('q');
    if (q === 'blocked:true') {
      const hits = [...people.all.values()].filter(({ isActive }) => !isActive);
      const users = hits.slice(page * size, (page + 1) * size).map(({ id }) => ({ user_id: id }));
      return {
        status: 200,
        body: { start: page * size, limit: size, length: users.length, total: hits.length, users },
      };
    }
    const [, by, from = ''] = /^(created_at|updated_at):\[(\S+) TO \*\]$/.exec(q ?? '') ?? [];
    if (q !== null && by !== field) return error(400, 'Bad Request', 'Failed to parse query');
    const hits = [...people.all.values()]
      .filter((each) => !known.trouble.hidden.has(each.id) && timeOf(each) >= from)
      .toSorted((a, b) => (timeOf(a) < timeOf(b) ? -1 : timeOf(a) > timeOf(b) ? 1 : a.id < b.id ? -1 : 1));
    const users = hits.slice(page * size, (page + 1) * size).map(userOf);
    return {
      status: 200,
      body: { start: page * size, limit: size, length: users.length, total: hits.length, users },
    };
  }
  return { people, trouble: known.trouble, calls: known.calls, answer: known.answer, expireCursors() {} };
}

function userOf({ id, email, givenName, familyName, isActive, createdAt, updatedAt, department }: Employee) {
  return {
    user_id: id,
    email,
    email_verified: true,
    name: `${givenName} ${familyName}`,
    given_name: givenName,
    family_name: familyName,
    // Told only of who was blocked.
    ...compact({ blocked: isActive ? undefined : true }),
    created_at: createdAt,
    updated_at: updatedAt,
    app_metadata: { department },
  };
}

function limits(now: number, remaining: number): Record<string, string> {
  return {
    'x-ratelimit-limit': '10',
    'x-ratelimit-remaining': String(remaining),
    'x-ratelimit-reset': String(Math.floor(now / 1_000) + 7),
  };
}

function error(statusCode: number, name: string, message: string): Answered {
  return { status: statusCode, body: { statusCode, error: name, message } };
}
