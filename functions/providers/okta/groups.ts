import { elementsOf, namedIn } from '../../sources/elements.ts';
import type { Exchange } from '../../sources/fetcher.ts';
import type { NamedGroup } from '../../sources/sync/listing.ts';

/** @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/UserResources/#tag/UserResources/operation/listUserGroups */
export function groupsOn({ body }: Exchange): NamedGroup[] {
  return namedIn(elementsOf(body, ''), (group) => group.text('profile.name'));
}

/** Path and query of the page behind this one (RFC 8288): the host stays the organization's. */
export function nextPage({ headers }: Exchange): string | undefined {
  const [, url] = /<([^<>]+)>;\s*rel="?next"?/i.exec(headers.link ?? '') ?? [];
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { pathname, search } = new URL(url);
  return `${pathname}${search}`;
}
