import * as z from 'zod';
import { checkNames } from '../../functions/mapping/payload/check-names.ts';
import type { Finding as Health } from '../../functions/operate/tenant/finding.ts';
import { checkTenant } from '../../functions/operate/tenant/health.ts';
import { openTenant, type TenantProvisioning } from '../../functions/provision/tenant.ts';
import { httpTransport } from '../../functions/runtime/transport.ts';
import { namedPage } from '../../functions/smartassist/named-page.ts';
import { describeFailure, type Outcome } from '../../functions/smartassist/outcome.ts';
import { pathText } from '../../functions/tenant/problem.ts';
import type { Secrets } from '../../functions/tenant/secrets/secrets.ts';
import { type Answers, listenTo } from '../answers.ts';
import {
  type CommandContext,
  chooseTenant,
  readConfiguration,
  type Tenant,
  withTenant,
} from '../command-context.ts';
import { EXIT_FINDINGS } from '../failure.ts';
import { installationFindings } from '../operator/installation.ts';
import { notificationFindings } from '../operator/notifications.ts';
import { counted, type Output } from '../output.ts';

/** What SmartAssist's own section finds. */
type Finding = Omit<Health, 'section'>;

/** What no call can find out. */
const REMINDERS = [
  'Before a first load: whether people who are made by the API get an invitation mail is a setting of the account (Admin Console > User Management).',
  'With Restrict Auto-Onboarding off, who signs in by single sign-on becomes a user without this product.',
] as const;

/** Enough for all calls, also where a minute's are used up. */
const PATIENCE_MS = 5 * 60_000;
const STYLES = { '✓': 'green', '!': 'yellow', '✗': 'red' } as const;
const MOST_SKEW_MS = 60_000;
const NOTED_SKEW_MS = 5_000;

/**
 * `doctor`: asks the account that the tenant has, reading only, looks at secrets, sources, work and the installation, and says
 * of each thing whether it is right and what to do where it isn't. Its calls are of the account's budget.
 *
 * @returns the exit code: 1 when something keeps people from becoming agents
 */
export async function doctor(context: CommandContext, output: Output): Promise<number> {
  const whole = readConfiguration(context);
  const tenant = chooseTenant(context, whole);
  const findings = await withTenant(context, tenant, async ({ provisioning, services, directory }) => {
    const heard = listenTo(services.transport ?? httpTransport);
    const open = (secrets: typeof services.secrets) =>
      openTenant(tenant.name, provisioning.tenant, { ...services, secrets, transport: heard.transport });
    const account = await examine(
      tenant,
      open(services.secrets),
      open(withAppsSwapped(services.secrets)),
      heard,
    );
    return [
      ...account.map((finding): Health => ({ section: 'SmartAssist', ...finding })),
      ...(await checkTenant(provisioning, services)),
      ...(await notificationFindings(context, provisioning, services)),
      ...(await installationFindings(context, directory, whole)),
    ];
  });
  output.data({ tenant: tenant.name, findings, reminders: REMINDERS });
  for (const [index, { section, mark, what, found, advice }] of findings.entries()) {
    if (section !== findings[index - 1]?.section) output.line(output.paint('bold', section));
    output.line(output.paint(STYLES[mark], mark), ` ${what}: ${found}`);
    if (advice !== undefined) output.line(`    ${advice}`);
  }
  const wrong = findings.filter(({ mark }) => mark === '✗').length;
  output.line();
  for (const reminder of REMINDERS) output.line(reminder);
  output.line();
  output.line(wrong === 0 ? 'People can become agents.' : `${counted(wrong, 'thing')} to mend.`);
  return wrong === 0 ? 0 : EXIT_FINDINGS;
}

/** The secrets as they would be with each app's credentials in the place of the other's. */
function withAppsSwapped(secrets: Secrets): Secrets {
  const swapped: Secrets['get'] = async (_, owner) => {
    const [door, { admin, clientId, clientSecret }] = await Promise.all([
      secrets.get('door', owner),
      secrets.get('smartassist', owner),
    ]);
    const bot = { clientId, clientSecret };
    return { ...door, ...(admin ?? bot), admin: bot };
  };
  return { get: swapped, refresh: swapped };
}

const terms = () => ({ urgency: 'begun', deadline: Date.now() + PATIENCE_MS }) as const;

async function examine(
  tenant: Tenant,
  own: TenantProvisioning,
  swapped: TenantProvisioning,
  { answers }: Answers,
): Promise<Finding[]> {
  const groups = await own.client.read('/agent-groups?page=1', namedPage(), terms());
  const skills = await own.client.read('/skill-groups?page=1', namedPage(), terms());
  const botIsRefused = groups.outcome === 'unauthorized' && skills.outcome === 'unauthorized';
  const hasAdminApp = await own.client.hasAdminApp();
  const roles = hasAdminApp ? await own.client.readRoles(namedPage(), terms()) : undefined;
  const findings: Finding[] = [];
  const areSwapped =
    botIsRefused &&
    hasAdminApp &&
    (await swapped.client.read('/skill-groups?page=1', namedPage(), terms())).outcome !== 'unauthorized';
  if (areSwapped) {
    findings.push({
      what: 'apps',
      mark: '✗',
      found: "the admin app's credentials are in the bot app's place",
      advice: 'Exchange clientId and clientSecret with those of admin in the secret.',
    });
  } else if (botIsRefused) {
    findings.push({
      what: 'bot app',
      mark: '✗',
      found: describeFailure(skills),
      advice:
        'Look at clientId, clientSecret, host and streamId; the app is made in App Settings > Dev Tools.',
    });
  } else {
    findings.push({ what: 'bot app', mark: '✓', found: 'its token is taken' });
    findings.push(scope('Configuration', groups), scope('SmartAssist Analytics', skills));
    findings.push(workforceFinding(await own.client.listWorkforce({ offset: 0, limit: 5 }, terms())));
  }
  if (!areSwapped) findings.push(adminFinding(roles));
  findings.push(clockFinding(answers));
  if (botIsRefused) return findings;
  const names = await namesFindings(tenant, own);
  const others = othersFinding(answers, await own.budget.use());
  return [...findings, ...names, pagesFinding(answers), rateFinding(answers), ...others];
}

function scope(name: string, outcome: Outcome<unknown>): Finding {
  const what = `scope ${name}`;
  if (outcome.outcome === 'ok') return { what, mark: '✓', found: 'the bot app has it' };
  return {
    what,
    mark: '✗',
    found: describeFailure(outcome),
    advice: `Give it to the bot app under Dev Tools > API Scope, and publish the bot.`,
  };
}

function workforceFinding(outcome: Outcome<unknown>): Finding {
  const what = 'scope WFM Integration';
  if (outcome.outcome === 'ok') return { what, mark: '✓', found: 'the bot app has it' };
  const found = outcome.outcome === 'not-found' ? 'the list is not there' : describeFailure(outcome);
  return {
    what,
    mark: '!',
    found,
    advice:
      'Of use from 1,000 agents on: with this scope, and accountId in the configuration, the nightly reconciliation takes a tenth of the calls.',
  };
}

function adminFinding(roles: Outcome<{ results: unknown[]; isCut: boolean }> | undefined): Finding {
  const what = 'admin app';
  if (roles === undefined) {
    return {
      what,
      mark: '!',
      found: 'there is none, so roles are known by their ids alone',
      advice:
        'Put one with the scope Profile Management > Role Management into the secret as admin, or write roles: in the configuration.',
    };
  }
  if (roles.outcome !== 'ok') {
    return {
      what,
      mark: '✗',
      found: describeFailure(roles),
      advice:
        'Give it the scope Profile Management > Role Management (Admin Console > Security & Control > API Scopes).',
    };
  }
  const { results, isCut } = roles.value;
  return isCut
    ? {
        what,
        mark: '!',
        found: `${counted(results.length, 'role')} can be read, and there are more`,
        advice: 'Write a role beyond them as its id.',
      }
    : { what, mark: '✓', found: `${counted(results.length, 'role')} can be read` };
}

/** SmartAssist throttles at 60 calls a minute of the whole account: at fewer of ours, others make the rest. */
function othersFinding(answers: ReturnType<typeof listenTo>['answers'], usePercent: number): Finding[] {
  const isThrottled = answers.some(({ response }) => response.status === 429);
  if (!isThrottled || usePercent >= 100) return [];
  return [
    {
      what: 'other integrations',
      mark: '!',
      found: `SmartAssist throttles while ${Math.round(usePercent)} % of the calls allowed here are used: others use more than is left`,
      advice:
        'Lower callsPerMinute, or find them. Stacks of this product on one account share a budget with smartassist.budgetTable.',
    },
  ];
}

/** A token holds for a minute from its `iat`: where the clocks differ by more, none is taken. */
function clockFinding(answers: Answers['answers']): Finding {
  const what = 'clock';
  const [first] = answers;
  const theirs = Date.parse(first?.response.headers.date ?? '');
  if (first === undefined || Number.isNaN(theirs))
    return { what, mark: '!', found: 'no answer says the time' };
  const skew = Math.abs(first.at - theirs);
  const found = `differs from SmartAssist's by ${counted(Math.round(skew / 1_000), 'second')}`;
  if (skew < NOTED_SKEW_MS) return { what, mark: '✓', found };
  return { what, mark: skew < MOST_SKEW_MS ? '!' : '✗', found, advice: 'Set the clock of this machine.' };
}

async function namesFindings(tenant: Tenant, { catalogue, client }: TenantProvisioning): Promise<Finding[]> {
  const read = await catalogue.get(terms());
  if (read.outcome !== 'ok') return [{ what: 'names', mark: '✗', found: describeFailure(read) }];
  const { agentGroups, learnedRoles = [], orgId, readAt } = read.value;
  const problems = checkNames(tenant.configuration, read.value);
  const unassigned = agentGroups.find(({ isUnassigned }) => isUnassigned);
  const findings: Finding[] = problems.map(({ path, message }) => ({
    what: 'names',
    mark: '✗' as const,
    found: `${pathText(['tenants', tenant.name, ...path])}: ${message}`,
  }));
  if (problems.length === 0) {
    const since = new Date(readAt).toISOString();
    findings.push({
      what: 'names',
      mark: '✓',
      found: `SmartAssist has every name of the configuration (as of ${since})`,
    });
  }
  findings.push(
    unassigned === undefined
      ? {
          what: 'Unassigned',
          mark: '✗',
          found: 'no agent group is the Unassigned one, so nobody can be suspended',
        }
      : { what: 'Unassigned', mark: '✓', found: `${unassigned.name} takes those who leave` },
  );
  const written = Object.keys(tenant.configuration.roles ?? {}).length;
  findings.push({
    what: 'roles',
    mark: '✓',
    found: `${read.value.roles.length} known, of these ${learnedRoles.length} from agents; ${written} written in the configuration`,
  });
  findings.push(await queuesFinding(client, orgId));
  return findings;
}

async function queuesFinding(
  client: TenantProvisioning['client'],
  orgId: string | undefined,
): Promise<Finding> {
  const what = 'queues in lists';
  if (orgId === undefined) return { what, mark: '!', found: 'no answer says the organization' };
  const path = `/organizations/${encodeURIComponent(orgId)}/agents?page=1&includeQueues=True`;
  const list = await client.read(path, agentList, terms());
  if (list.outcome !== 'ok') return { what, mark: '✗', found: describeFailure(list) };
  const { results } = list.value;
  if (results.length === 0) return { what, mark: '✓', found: 'there is no agent yet' };
  return results.some(({ queues }) => Array.isArray(queues))
    ? { what, mark: '✓', found: 'the list of agents shows them' }
    : {
        what,
        mark: '!',
        found: 'the list of agents shows none, so a change of queues by others is not found',
      };
}

const agentList = z.object({ results: z.array(z.looseObject({ queues: z.unknown().optional() })) });

function pagesFinding(answers: Answers['answers']): Finding {
  const what = 'pages';
  const limits = answers.flatMap(({ response }) => /"limit":\s*(\d+)/.exec(response.body)?.[1] ?? []);
  const sizes = [...new Set(limits)];
  return sizes.length === 0
    ? { what, mark: '!', found: 'no answer says how many entries a page has' }
    : { what, mark: '✓', found: `${sizes.join(', ')} entries each` };
}

function rateFinding(answers: Answers['answers']): Finding {
  const names = answers
    .flatMap(({ response }) => Object.keys(response.headers))
    .filter((name) => /rate-?limit|retry-after/.test(name));
  const found =
    names.length === 0
      ? 'no answer says how many calls are left'
      : `answers say ${[...new Set(names)].join(', ')}`;
  return { what: 'rate', mark: '✓', found };
}
