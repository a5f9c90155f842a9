import type { PersonRecord } from '../../directory/record.ts';
import { openStates } from '../../events/source-state.ts';
import { pauseText, readPause } from '../../provision/drain/pause.ts';
import { readSeatUse } from '../../provision/seats/seats.ts';
import { readUnseated } from '../../provision/seats/unseated.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { readReconciliation } from '../../reconcile/report.ts';
import { compact } from '../../runtime/compact.ts';
import { errorText } from '../../runtime/error-text.ts';
import { ageOf } from '../../sources/sync/due.ts';
import { syncSettingsOf } from '../../sources/sync/settings.ts';
import { readSyncState } from '../../sources/sync/state.ts';
import { sourceSecrets } from '../../tenant/secrets/secret.ts';
import type { SourceSettings } from '../../tenant/sources.ts';
import { countPeople } from '../people/counts.ts';
import type { Finding } from './finding.ts';

/** A reconciliation begins every night. */
const RECONCILED_MS = 2 * 86_400_000;
/** Joiners are promised their agent within a minute. */
const JOINER_MS = 60_000;
const LOOKED_AT = 20;
/** Percent of the seats: as the alarm SeatsNearlyTaken. */
const NEARLY_FULL = 90;
/** One that is used, and one that is being rotated in. */
const MOST_TOKENS = 2;

/** How a tenant's secrets, sources and work stand. It takes no call to SmartAssist. */
export async function checkTenant(provisioning: TenantProvisioning, services: Services): Promise<Finding[]> {
  const [secrets, sources, work, seats] = await Promise.all([
    checkSecrets(provisioning, services),
    Promise.all(
      Object.entries(provisioning.tenant.sources).map(([name, settings]) =>
        checkSource(provisioning.name, name, settings, services),
      ),
    ),
    checkWork(provisioning, services),
    checkSeats(provisioning, services),
  ]);
  return [...secrets, ...sources.flat(), ...work, ...seats];
}

async function checkSecrets({ name, tenant }: TenantProvisioning, { secrets }: Services): Promise<Finding[]> {
  const section = 'secrets';
  const owner = { name, tenant };
  const findings: Finding[] = [];
  try {
    const { admin } = await secrets.get('smartassist', owner);
    const found =
      admin === undefined
        ? 'has the bot app, and no admin app: roles are known by their ids alone (roles in the configuration)'
        : 'has the bot app and the admin app';
    findings.push({ section, what: 'smartassist', mark: '✓', found });
  } catch (error) {
    findings.push({ section, what: 'smartassist', mark: '✗', found: errorText(error), advice: SECRET });
  }
  try {
    const door = await secrets.get('door', owner);
    findings.push(tokensFinding(door.scimTokens.length, Object.keys(tenant.sources).length));
    for (const [source, { preset }] of Object.entries(tenant.sources)) {
      if (ONLY_READ.has(preset) || sourceSecrets(door, source).length > 0) continue;
      findings.push({
        section,
        what: source,
        mark: '!',
        found:
          'the source has no secret, so what it sends is refused, or waits for an operator where it is never signed',
        advice: `Put one under sources.${source} into the secret door.`,
      });
    }
  } catch (error) {
    findings.push({ section, what: 'door', mark: '✗', found: errorText(error), advice: SECRET });
  }
  return findings;
}

/** Presets that send nothing which a secret would prove. */
const ONLY_READ: ReadonlySet<string> = new Set(['scim-server', 'file']);

const SECRET = 'The form of the two secrets is in the runbook secret-rotation.';

function tokensFinding(count: number, sources: number): Finding {
  const section = 'secrets';
  const what = 'door';
  if (count > MOST_TOKENS) {
    const advice = 'Take out the digests of tokens that no identity provider has any more.';
    return { section, what, mark: '!', found: `${count} bearer tokens open SCIM`, advice };
  }
  if (count > 0)
    return { section, what, mark: '✓', found: `${count} bearer token${count === 1 ? '' : 's'} for SCIM` };
  return sources > 0
    ? { section, what, mark: '✓', found: 'no bearer token: SCIM is closed, and people come from sources' }
    : {
        section,
        what,
        mark: '✗',
        found: 'no bearer token and no source, so nobody can come in',
        advice: 'Make one with token, and put its digest into scimTokens.',
      };
}

async function checkSource(
  tenant: string,
  name: string,
  settings: SourceSettings,
  services: Services,
): Promise<Finding[]> {
  const section = 'sources';
  const state = await openStates(services).get(tenant, name);
  const findings: Finding[] = [];
  const note = (found: string, advice: string, mark: '!' | '✗' = '!') =>
    findings.push({ section, what: `source ${name}`, mark, found, advice });
  const { paused, silentSince, unread, heardAt } = state;
  if (paused !== undefined) {
    note(
      `paused since ${paused.at}: ${paused.reason}`,
      `Look at the provider, then sources --resume ${name}.`,
      '✗',
    );
  } else if (silentSince !== undefined) {
    note(
      `silent since ${silentSince}, heard last ${heardAt ?? 'never'}`,
      'Look whether its hook or stream is still there.',
    );
  }
  if (unread !== undefined) {
    note(
      `${unread.what} (since ${unread.at})`,
      "Let the source's credentials read it, or map it: who leaves by a reading alone goes unseen until then.",
    );
  }
  const { problem, initial, dryRunAt, ...sync } = await readSyncState(services, tenant, name);
  const every = syncSettingsOf(settings).fullMs;
  if (problem !== undefined)
    note(`reading it failed at ${problem.at}: ${problem.reason}`, `See sync ${name}.`);
  const age = ageOf({ ...sync, ...compact({ initial }) }, services.clock.now());
  if (problem === undefined && age !== undefined && every !== undefined && age > 2 * every) {
    note(`read to its end ${hours(age)} ago`, `See sync ${name}.`);
  }
  if (findings.length > 0) return findings;
  const heard = heardAt === undefined ? 'not heard yet' : `heard last ${heardAt}`;
  const read =
    age === undefined
      ? dryRunAt === undefined
        ? ''
        : ', waits for sync --apply'
      : `, read ${hours(age)} ago`;
  return [{ section, what: `source ${name}`, mark: '✓', found: `${heard}${read}` }];
}

const hours = (ms: number) =>
  ms < 3_600_000 ? `${Math.round(ms / 60_000)} minutes` : `${Math.round(ms / 3_600_000)} hours`;

async function checkWork({ name, budget }: TenantProvisioning, services: Services): Promise<Finding[]> {
  const section = 'work';
  const { directory, clock } = services;
  const [counts, use, pause, reconciliation, due] = await Promise.all([
    countPeople(services, name),
    budget.use(),
    readPause(directory, name),
    readReconciliation(services, name),
    directory.duePersons(name, clock.now(), LOOKED_AT, { priority: 0 }),
  ]);
  const findings: Finding[] = [];
  const add = (what: string, mark: Finding['mark'], found: string, advice?: string) =>
    findings.push({ section, what, mark, found, ...compact({ advice }) });
  if (pause !== undefined) add('pause', '!', pauseText(pause), 'resume ends it.');
  const waited = waitedMs(due, clock.now());
  const waits = counts.due.count >= counts.due.most ? `${counts.due.most} or more` : String(counts.due.count);
  if (waited > JOINER_MS && pause === undefined) {
    add(
      'queue',
      '!',
      `${waits} due; a joiner has waited for ${hours(waited)}`,
      'See people --state due and the runbook people-wait.',
    );
  } else add('queue', '✓', `${waits} due`);
  const { failed, held } = counts.states;
  if (failed > 0) add('failed', '!', `${failed} of ${counts.persons} people`, 'See failures.');
  else add('failed', '✓', `nobody of ${counts.persons} people`);
  if (held > 0) add('brake', '!', `holds ${held} people`, 'Decide with brake.');
  const percent = Math.round(use);
  if (percent >= 100)
    add('budget', '!', 'all calls of the minute are used', 'More work than calls: see callsPerMinute.');
  else add('budget', '✓', `${percent} % of the calls of the last minute are used`);
  if (reconciliation === undefined) {
    const isMissed = counts.agents > 0;
    add(
      'reconciliation',
      isMissed ? '!' : '✓',
      'there was none yet',
      isMissed ? 'reconcile --start begins one.' : undefined,
    );
  } else {
    const age = clock.now() - Date.parse(reconciliation.startedAt);
    const isOld = age > RECONCILED_MS;
    add(
      'reconciliation',
      isOld ? '!' : '✓',
      `begun ${hours(age)} ago`,
      isOld ? 'See the runbook reconciliation.' : undefined,
    );
  }
  return findings;
}

async function checkSeats(provisioning: TenantProvisioning, services: Services): Promise<Finding[]> {
  const { name, tenant } = provisioning;
  const use = await readSeatUse(provisioning, services);
  if (use === undefined) return [];
  const waiting = await readUnseated(services, name, tenant.seats);
  const found = `${use.inService} of ${use.seats} are taken`;
  const finding = { section: 'work', what: 'seats' } as const;
  if (waiting === undefined) {
    return use.use < NEARLY_FULL
      ? [{ ...finding, mark: '✓', found }]
      : [{ ...finding, mark: '!', found, advice: 'Have more of them (seats) before joiners wait.' }];
  }
  const { count, most, since } = waiting;
  const who =
    count >= most ? `${most} people or more wait` : count === 1 ? '1 person waits' : `${count} people wait`;
  const advice = 'See people --state waiting --reason no-seat; a seat is free when an agent leaves service.';
  return [{ ...finding, mark: '!', found: `${found}, and ${who} since ${since}`, advice }];
}

function waitedMs(due: readonly PersonRecord[], now: number): number {
  const times = due.map(({ dueSince = '', dueAt = '' }) => Date.parse(dueSince || dueAt) || now);
  return now - Math.min(now, ...times);
}
