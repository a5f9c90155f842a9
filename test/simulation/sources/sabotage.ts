import type { Write } from '../../../functions/directory/table.ts';
import type { HttpRequest } from '../../../functions/runtime/transport.ts';
import type { Page, Row } from '../../../functions/sources/sync/listing.ts';
import type { HmacDescriptor } from '../../../functions/webhook/verify/hmac-descriptor.ts';
import { blindTo, type Sabotage } from '../sabotage.ts';
import { SIGNED_TEXT } from './okta.ts';

/** A record keeps no links: which source holds a person out of service is forgotten, and the next word of any counts. */
export const withoutLinks: Sabotage = {
  table: (table) => ({ ...table, write: (writes) => table.write(writes.map(withoutLinksIn)) }),
};

function withoutLinksIn(write: Write): Write {
  return 'put' in write ? { ...write, put: blindTo('links')(write.put) } : write;
}

/** What has to be read from a source is answered for and not kept. */
export const withoutPendingEvents: Sabotage = {
  table: (table) => ({
    ...table,
    write: async (writes) => {
      const kept = writes.filter((write) => !('put' in write && 'task' in write.put.body));
      return kept.length === 0 ? { ok: true } : table.write(kept);
    },
  }),
};

const CONSTANT: HmacDescriptor = {
  algorithm: 'sha256',
  signature: { header: 'authorization', format: 'bare', encoding: 'hex' },
  key: { encoding: 'utf8' },
  content: SIGNED_TEXT,
};

/** A fixed text in a header passes for a signature of the body. */
export const withoutSignature: Sabotage = {
  providers: (providers) => ({
    ...providers,
    webhook: async (preset) => {
      const webhook = await providers.webhook(preset);
      if (webhook === undefined || preset !== 'okta-event-hook') return webhook;
      return { ...webhook, verifier: () => ({ kind: 'hmac', descriptor: CONSTANT }) };
    },
  }),
};

const answer = (body: string, headers = {}) => ({
  status: 200,
  headers: { 'content-type': 'application/json', ...headers },
  body,
});

/** The sources say that nothing has changed, whatever has. */
export const withoutNews: Sabotage = {
  transport: (transport) => async (request) => {
    const { pathname, searchParams } = new URL(request.url);
    if (pathname === '/events') return answer('{"object":"list","data":[],"list_metadata":{"after":null}}');
    if (pathname === '/api/v1/logs') return answer('[]', { link: `<${request.url}>; rel="next"` });
    const isOfChanges = pathname === '/api/v1/users' && searchParams.has('filter');
    return isOfChanges ? answer('[]') : transport(request);
  },
};

/** Of a row of a file only the person is read, and not whether the person is active. */
export const withoutActiveInFiles: Sabotage = {
  providers: (providers) => ({
    ...providers,
    listing: async (settings) => {
      const listing = await providers.listing(settings);
      if (listing === undefined || settings.preset !== 'file') return listing;
      const { list, changes } = listing;
      return {
        ...listing,
        list: async (...asked) => everybodyOn(await list(...asked)),
        changes: async (...asked) => everybodyOn((await changes?.(...asked)) ?? { rows: [] }),
      };
    },
  }),
};

function everybodyOn(page: Page): Page {
  const rows = page.rows.map((row): Row => {
    if (row.is !== 'person') return row;
    return { ...row, found: { ...row.found, person: { ...row.found.person, active: true } } };
  });
  return { ...page, rows };
}

/** No source has a person who is asked for by id. */
export const withoutReadingById: Sabotage = {
  transport: (transport) => async (request) =>
    isReadingById(request) ? { ...answer('{}'), status: 404 } : transport(request),
};

function isReadingById({ url }: HttpRequest): boolean {
  return /^\/(api\/v1\/users|directory_users)\/[^/]+$/.test(new URL(url).pathname);
}
