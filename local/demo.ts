import { isDeepStrictEqual, styleText } from 'node:util';
import { type Conversation, readConversations, replay } from './conversation.ts';
import { openDeliveries } from './delivery.ts';
import { type LostWebhooks, openLostWebhooks, SOURCE } from './providers/lost-webhooks.ts';
import { type Local, startLocal } from './server.ts';
import { type SimulatedAgents, simulatedAgents } from './simulated-agents.ts';
import { DEMO_USAGE, tells } from './terminal/usage.ts';

const TOKEN = 'demo-scim-token';
const PATIENCE_MS = 10_000;
const LOOK_EVERY_MS = 5;
/** How many are read in from an organization of Okta. */
const PEOPLE = 25;

/**
 * `npm run demo`: starts everything on free ports with nothing kept, lets Okta and Entra ID create their people over SCIM,
 * lets others arrive by a webhook and by a security event, and shows what became of them; then reads 25 people from
 * another Okta, loses two of its webhooks, and heals them. Exits 0 only when SmartAssist holds exactly the agents that it
 * should.
 */
async function main(): Promise<boolean> {
  const conversations = readConversations();
  const { deliveries, sources, sourceSecrets, send, close } = await openDeliveries();
  const organization = await openLostWebhooks(PEOPLE);
  const local = await startLocal({
    port: 0,
    simulatorPort: 0,
    dataDir: undefined,
    configurationFile: 'provisioner.yaml',
    scimToken: TOKEN,
    sources: { ...sources, [SOURCE]: organization.source },
    sourceSecrets: { ...sourceSecrets, ...organization.secrets },
    // The people who are read in don't have to wait for a minute's calls.
    callsPerMinute: 3_000,
  });
  try {
    const rows: string[][] = [];
    let before = await simulatedAgents(local.simulatorUrl);
    const note = async (arrival: IncomingPerson, milliseconds: number) => {
      const after = await simulatedAgents(local.simulatorUrl);
      rows.push(rowOf(arrival, after, after.calls - before.calls, milliseconds));
      before = after;
    };
    console.log('\nPeople of identity providers and of an HR system become agents:\n');
    for (const conversation of conversations) {
      const milliseconds = await replay(conversation, `${local.url}/demo/scim/v2`, TOKEN);
      await note({ ...conversation, client: `${conversation.client}, SCIM` }, milliseconds);
    }
    for (const delivery of deliveries) {
      const began = performance.now();
      await send(delivery, `${local.url}/demo`);
      await arrived(delivery, local.simulatorUrl);
      await note(delivery, performance.now() - began);
    }
    console.log(table(HEADINGS, rows));
    const expected = [...conversations, ...deliveries].map(({ agent }) => agent);
    const right = isDeepStrictEqual(before.agents, expected);
    const summary = `${before.agents.length} agents in SmartAssist, ${before.created} create calls, ${before.calls} calls in all (the first person's include reading the names of groups, skills, queues and roles, once).`;
    console.log(`\n${summary}\n${FINE_PRINT}`);
    if (right) console.log(styleText('green', 'These are exactly the agents that the rules ask for.\n'));
    else {
      console.error(styleText('red', 'SmartAssist does not hold the agents that it should:'));
      console.error(JSON.stringify({ expected, found: before.agents }, null, 2));
    }
    return right && (await readSource(local, organization));
  } finally {
    await local.close();
    await organization.close();
    await close();
  }
}

/**
 * Reads the people of an organization whose webhooks are lost: all of them at first; then, after one has joined and one has
 * left, what changed. True when the agents are as they should be.
 */
async function readSource(
  { read, simulatorUrl, tenants: [tenant = ''] }: Local,
  { emails, lose }: LostWebhooks,
): Promise<boolean> {
  const began = performance.now();
  const first = await read(tenant, SOURCE, 'initial');
  await untilAgents(simulatorUrl, emails, []);
  const seconds = ((performance.now() - began) / 1_000).toFixed(1);
  console.log(
    `${first.rows} people of another Okta were read in ${first.calls} calls (a list, and the groups that rules name), and are agents after ${seconds} s.`,
  );
  const { joiner, leaver } = lose();
  const healed = await read(tenant, SOURCE, 'delta');
  const isRight = await untilAgents(simulatorUrl, [...emails.slice(1), joiner], [leaver]);
  const lost = `Two webhooks were lost: ${joiner} joined, ${leaver} was deactivated.`;
  if (isRight) {
    const calls = `the next reading of what changed, ${healed.calls} calls,`;
    console.log(
      `${lost}\n${styleText('green', `By ${calls} one is an agent and the other out of service.`)}\n`,
    );
  } else console.error(styleText('red', `${lost}\nReading what changed did not heal them.`));
  return isRight;
}

const UNASSIGNED = 'Unassigned';

/** Waits until these are agents in service and those are not; false where that doesn't come about. */
async function untilAgents(
  simulatorUrl: string | undefined,
  inService: readonly string[],
  out: readonly string[],
): Promise<boolean> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const { agents } = await simulatedAgents(simulatorUrl);
    const isOut = new Map(
      agents.map(({ emailId, agentGroup }) => [emailId, agentGroup.includes(UNASSIGNED)]),
    );
    const areIn = inService.every((email) => isOut.get(email) === false);
    if (areIn && out.every((email) => isOut.get(email) === true)) return true;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS * 10));
  }
  return false;
}

/** What is true of the demo alone. */
const FINE_PRINT = [
  'ms: over SCIM until the answer, by an event until the agent is there (its sender has its answer before).',
  "Okta's event only names the person; what else there is was read from a stand-in for Okta's API on this machine.",
].join('\n');

type IncomingPerson = Pick<Conversation, 'client' | 'agent'>;

/** Waits until the agent is there: an event is answered when it is stored, and provisioned behind its answer. */
async function arrived({ agent }: IncomingPerson, simulatorUrl: string | undefined): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const { agents } = await simulatedAgents(simulatorUrl);
    if (agents.some(({ emailId }) => emailId === agent.emailId)) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}

const HEADINGS = ['from', 'person', 'group', 'role', 'skills', 'languages', 'agent', 'calls', 'ms'];

function rowOf(
  { agent: expected, client }: IncomingPerson,
  { agents, ids }: SimulatedAgents,
  calls: number,
  milliseconds: number,
): string[] {
  const index = agents.findIndex(({ emailId }) => emailId === expected.emailId);
  const agent = agents[index];
  if (agent === undefined) return [client, expected.name, '-', '-', '-', '-', 'MISSING', String(calls), '-'];
  return [
    client,
    agent.name,
    agent.agentGroup,
    agent.role,
    agent.skills.map((skill) => skill.split('/').at(-1)).join(', '),
    agent.languages.join(', '),
    `${ids[index]?.slice(0, 10)}…`,
    String(calls),
    milliseconds.toFixed(0),
  ];
}

function table(headings: readonly string[], rows: readonly string[][]): string {
  const widths = headings.map((heading, column) =>
    Math.max(heading.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `  ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd();
  return [line(headings), line(widths.map((width) => '─'.repeat(width))), ...rows.map(line)].join('\n');
}

const run = tells(process.argv.slice(2), DEMO_USAGE) ? Promise.resolve(true) : main();
run.then(
  (right) => {
    process.exitCode = right ? 0 : 1;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
