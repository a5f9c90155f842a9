import type { Configuration, TenantConfiguration } from '../../../functions/tenant/configuration.ts';
import { NO_RELEASES } from '../releases/releases.ts';
import type { Variety } from '../variety.ts';

type Rule = Configuration['tenants'][string]['rules'][number];

/** The end of its last day, which has 23 hours in Berlin: clocks go on in the night before. */
export const CAMPAIGN_ENDS = Date.parse('2027-03-28T22:00:00Z');

const CAMPAIGN: Rule = {
  name: 'spring campaign',
  when: 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department eq "Legal"',
  until: '2027-03-28',
  set: { agentGroup: 'Sales' },
};

/** What has to be at a time, said without dates: the rule as if it were for ever, or as if there were none. */
export function rulesAt(tenant: TenantConfiguration, now: number): TenantConfiguration {
  const others = tenant.rules.filter(({ name }) => name !== CAMPAIGN.name);
  const { until: _, ...always } = CAMPAIGN;
  return { ...tenant, rules: now < CAMPAIGN_ENDS ? [...others, always] : others };
}

/** A world of few people that goes on until after clocks have changed, with a rule whose last day that is. */
export function inMonths(variety: Variety): Variety {
  const { sources: _, authority: __, ...rest } = variety.tenant;
  const rules = [...rest.rules, CAMPAIGN];
  return {
    ...variety,
    persons: Math.min(variety.persons, 10),
    tenant: { ...rest, sources: {}, timeZone: 'Europe/Berlin', rules },
    remapped: undefined,
    neighbour: undefined,
    sources: undefined,
    disaster: false,
    releases: NO_RELEASES,
    handEdits: 0,
    strangers: 0,
    months: { days: 128 },
  };
}
