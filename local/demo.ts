import { isDeepStrictEqual, styleText } from 'node:util';
import { type Conversation, lead, readConversations } from './conversation.ts';
import { type Holdings, holdings } from './holdings.ts';
import { startLocal } from './server.ts';

const TOKEN = 'demo-scim-token';

/**
 * `npm run demo`: starts everything on free ports with nothing kept, lets Okta and Entra ID create their people, and
 * shows what became of them. Exits 0 only when SmartAssist holds exactly the agents that it should.
 */
async function main(): Promise<boolean> {
  const local = await startLocal({
    port: 0,
    simulatorPort: 0,
    dataDir: undefined,
    configurationFile: 'provisioner.yaml',
    scimToken: TOKEN,
  });
  try {
    const conversations = readConversations();
    const rows: string[][] = [];
    let before = await holdings(local.simulatorUrl);
    console.log('\nPeople of an identity provider become agents:\n');
    for (const conversation of conversations) {
      const milliseconds = await lead(conversation, `${local.url}/demo/scim/v2`, TOKEN);
      const after = await holdings(local.simulatorUrl);
      rows.push(rowOf(conversation, after, after.calls - before.calls, milliseconds));
      before = after;
    }
    console.log(table(HEADINGS, rows));
    const expected = conversations.map(({ agent }) => agent);
    const right = isDeepStrictEqual(before.agents, expected);
    const summary = `${before.agents.length} agents in SmartAssist, ${before.created} create calls, ${before.calls} calls in all (the first person's include reading the names of groups, skills, queues and roles, once).`;
    console.log(`\n${summary}`);
    if (right) console.log(styleText('green', 'These are exactly the agents that the rules ask for.\n'));
    else {
      console.error(styleText('red', 'SmartAssist does not hold the agents that it should:'));
      console.error(JSON.stringify({ expected, found: before.agents }, null, 2));
    }
    return right;
  } finally {
    await local.close();
  }
}

const HEADINGS = ['from', 'person', 'group', 'role', 'skills', 'languages', 'agent', 'calls', 'ms'];

function rowOf(
  conversation: Conversation,
  { agents, ids }: Holdings,
  calls: number,
  milliseconds: number,
): string[] {
  const { agent: expected, client } = conversation;
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

main().then(
  (right) => {
    process.exitCode = right ? 0 : 1;
  },
  (error: Error) => {
    console.error(error.message);
    process.exitCode = 1;
  },
);
