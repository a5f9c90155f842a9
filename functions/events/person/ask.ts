import type { PersonRecord, SourceLink } from '../../directory/record.ts';
import type { Services } from '../../provision/services.ts';
import { folded } from '../../scim-core/fold.ts';
import { sameValue } from '../../scim-core/resource/resource.ts';
import type { TenantConfiguration } from '../../tenant/configuration.ts';
import type { AuthenticatedEvent } from '../event.ts';
import { groupsAfter } from '../groups/of-person.ts';
import { linkStateOf, type SourceStatus, sourceStatusOf } from '../links.ts';
import { emailsOf } from '../subject.ts';
import type { Next } from './next.ts';
import { wouldLeave } from './wanted.ts';

type Standing = SourceStatus['is'];

/** Of two standings the one that is farther from service. */
const AWAY: { readonly [Each in Standing]: number } = { in: 0, out: 1, gone: 2 };

function standingOf(link: SourceLink | undefined): Standing {
  return link === undefined ? 'in' : sourceStatusOf(link).is;
}

/** How one account stands: where the person has others, that decides nothing today, and tomorrow it may. */
function standingOfAccount(link: SourceLink | undefined, id: string | undefined): Standing {
  const { out, unassigned } = linkStateOf(link, id);
  if (out === undefined) return unassigned === undefined ? 'in' : 'out';
  return out.gone === true ? 'gone' : 'out';
}

/** Whose configuration counts. */
interface Where {
  readonly services: Services;
  readonly tenant: string;
  readonly configuration?: TenantConfiguration | undefined;
}

/** Why what isn't signed must not be done without asking the source or a person, where there is a reason. */
export async function whyToAsk(
  { services, tenant, configuration }: Where,
  event: AuthenticatedEvent,
  before: PersonRecord,
  { person, service, links }: Next,
): Promise<string | undefined> {
  const { source, subject } = event;
  const isInService = before.deletedAt === undefined && before.person.active !== false;
  const leaves = isInService && (service.isDeleted || person.active === false);
  const isDeleted = service.isDeleted;
  const groups =
    event.groups === undefined ? undefined : (await groupsAfter(services, tenant, event, before)).after;
  if (leaves || (await wouldLeave(services, tenant, configuration, before, { person, isDeleted, groups }))) {
    return `${source} does not sign what it sends, and this would put the agent out of service`;
  }
  // Whom others hold out would not come back with their word, and whom this deletes is forgotten.
  const [was, is] = [before.links?.[source], links[source]];
  const isFarther = (of: (link: SourceLink | undefined) => Standing) => AWAY[of(is)] > AWAY[of(was)];
  if (isFarther(standingOf) || isFarther((link) => standingOfAccount(link, subject.id))) {
    return `${source} does not sign what it sends, and this would hold the person out of service`;
  }
  const addresses = ({ userName, emails }: PersonRecord['person']) =>
    [userName, ...emailsOf({ emails })].map(folded).toSorted();
  if (before.deletedAt === undefined && !sameValue(addresses(before.person), addresses(person))) {
    return `${source} does not sign what it sends, and this would change userName or e-mail`;
  }
  return undefined;
}
