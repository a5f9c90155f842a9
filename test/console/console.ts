import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { type ConsoleHandler, consoleHandler } from '../../functions/console/handler.ts';
import type { Access } from '../../functions/console/session/access.ts';
import { cookieName } from '../../functions/console/session/cookie.ts';
import { openLocalEntry } from '../../functions/console/session/entry.ts';
import { localAccess } from '../../functions/console/session/local-access.ts';
import type { Role } from '../../functions/console/session/role.ts';
import { type Session, sealSession } from '../../functions/console/session/session.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type Door, type DoorOptions, openDoor } from '../scim/door.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import { type Document, parseMarkup } from './markup.ts';

export const HOST = '127.0.0.1:8787';
const ORIGIN = `http://${HOST}`;

export interface Visit {
  readonly role?: Role;
  /** The cookie as it is, in the place of a session. */
  readonly cookie?: string;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly form?: Readonly<Record<string, string | readonly string[]>>;
  readonly tenant?: string;
}

export interface Shown {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
  readonly body: string;
  /** The page, read strictly. */
  readonly page: Document;
}

/** The console of the demo tenant, in this process, with the SCIM front door beside it. */
export interface Console extends Door {
  readonly pages: ConsoleHandler;
  readonly entry: ReturnType<typeof openLocalEntry>;
  /** Tenants for which a new link was announced. */
  readonly announced: string[];
  get(path: string, visit?: Visit): Promise<Shown>;
  /** The same as it is sent. */
  html(path: string): Promise<string>;
  post(path: string, visit?: Visit): Promise<Shown>;
  /** The cookie of a session as it is sealed for a browser. */
  cookie(session?: Partial<Session>): Promise<string>;
}

export function openConsole(options: DoorOptions = {}, keepToken?: Access['keepToken']): Console {
  const door = openDoor(options);
  const entry = openLocalEntry();
  const announced: string[] = [];
  const shipped = demoTenant();
  const demo = {
    ...shipped,
    ...options.tenant,
    smartassist: { ...shipped.smartassist, ...options.smartassist },
  };
  const configuration = { tenants: { demo, other: demo } };
  const pages = consoleHandler(
    configuration,
    door.services,
    localAccess(door.services, entry, (tenant) => announced.push(tenant), keepToken),
  );
  const cookie: Console['cookie'] = async (session = {}) => {
    const whole: Session = {
      tenant: 'demo',
      subject: 'grace',
      name: 'Grace Hopper',
      role: 'admin',
      provedAt: door.clock.now(),
      ...session,
    };
    const name = cookieName({ isSecure: false, tenant: whole.tenant }, 'session');
    return `${name}=${await sealSession(whole, entry.key, door.clock.now())}`;
  };
  const send = async (method: string, path: string, visit: Visit = {}) => {
    const { role = 'admin', tenant = 'demo', form, headers } = visit;
    const [below = '', rawQuery = ''] = path.split('?');
    const isWrite = method !== 'GET' && method !== 'HEAD';
    const event = scimEvent(method, `/${tenant}/console${below === '' ? '' : `/${below}`}`, {
      rawQuery,
      headers: {
        host: HOST,
        'x-forwarded-proto': 'http',
        cookie: visit.cookie ?? (await cookie({ role })),
        ...(isWrite ? { origin: ORIGIN, 'sec-fetch-site': 'same-origin' } : {}),
        'content-type': isWrite ? 'application/x-www-form-urlencoded' : undefined,
        ...headers,
      },
      ...(isWrite ? { body: formText(form ?? {}) } : {}),
    });
    const local = { ...event, requestContext: { ...event.requestContext, domainName: HOST } };
    return pages(local, contextWith());
  };
  return {
    ...door,
    pages,
    entry,
    announced,
    cookie,
    get: async (path, visit) => shownOf(await send('GET', path, visit)),
    html: async (path) => (await send('GET', path)).body ?? '',
    post: async (path, visit) => shownOf(await send('POST', path, visit)),
  };
}

function formText(form: NonNullable<Visit['form']>): string {
  const fields = Object.entries(form).flatMap(([name, values]) =>
    [values].flat().map((value): [string, string] => [name, value]),
  );
  return new URLSearchParams(fields).toString();
}

function shownOf(result: APIGatewayProxyStructuredResultV2): Shown {
  const { statusCode = 0, headers = {}, cookies = [], body = '' } = result;
  const isPage = String(headers['content-type']).startsWith('text/html');
  const page = isPage ? parseMarkup(body) : { elements: [], text: '' };
  return { status: statusCode, headers: headers as Record<string, string>, cookies, body, page };
}

/** The forms of a page that write, each with its fields. */
export function formsOf({ page }: Shown): { action: string; button: string }[] {
  return page.elements
    .filter(({ name, attributes }) => name === 'form' && attributes.method === 'post')
    .map(({ attributes, text }) => ({ action: attributes.action ?? '', button: text }));
}
