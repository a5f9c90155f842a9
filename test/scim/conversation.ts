import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { openDirectory } from '../../functions/directory/directory.ts';
import type { Table } from '../../functions/directory/table.ts';
import { drain } from '../../functions/provision/drain/drain.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { DEMO_CATALOGUE } from '../../local/simulator/catalogue.ts';
import { demoTenant } from '../mapping/demo.ts';
import { type Door, openDoor } from './door.ts';

/** A whole conversation of an identity provider, from its first request to its last, with what has to come of it. */
const conversationSchema = z.strictObject({
  client: z.string(),
  /** Where the shapes of the requests are documented. */
  shape: z.string(),
  headers: z.record(z.string(), z.string()),
  steps: z.array(
    z.strictObject({
      does: z.string(),
      /** Milliseconds that pass before. */
      advance: z.number().optional(),
      method: z.string(),
      path: z.string(),
      query: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
      status: z.number(),
      /** What the answer has in it; without this it may be anything, for 204 nothing. */
      answer: z.record(z.string(), z.unknown()).optional(),
      /** Names for parts of the answer, which stand as <name> in later steps. */
      keep: z.record(z.string(), z.string()).optional(),
      /** The agents that SmartAssist has once everything due is done. */
      agents: z
        .array(z.strictObject({ emailId: z.string(), firstName: z.string(), agentGroup: z.string() }))
        .optional(),
    }),
  ),
});
type Conversation = z.output<typeof conversationSchema>;

const FOLDER = join(import.meta.dirname, '../fixtures/scim');
const FILES = ['okta.json', 'entra.json'];

/** Plays the conversations against a directory on a table. */
export function conversations(open: () => Promise<{ table: Table; close(): void | Promise<void> }>): void {
  describe.each(FILES)('the conversation in %s', (file) => {
    it('ends as it should, step by step', async () => {
      const text = readFileSync(join(FOLDER, file), 'utf8');
      const { table, close } = await open();
      try {
        await play(conversationSchema.parse(JSON.parse(text)), table);
      } finally {
        await close();
      }
    });
  });
}

async function play({ client, headers, steps }: Conversation, table: Table): Promise<void> {
  const door = openDoor({ services: ({ clock }) => ({ directory: openDirectory(table, clock) }) });
  const kept = new Map<string, string>();
  const filled = <T>(value: T): T =>
    value === undefined
      ? value
      : JSON.parse(JSON.stringify(value).replace(/<(\w+)>/g, (all, name: string) => kept.get(name) ?? all));
  for (const step of steps) {
    const where = `${client} ${step.does}`;
    door.clock.advance(step.advance ?? 1_000);
    const answer = await door.send(step.method, filled(step.path), {
      headers: { 'user-agent': undefined, ...headers },
      ...(step.query === undefined ? {} : { query: filled(step.query) }),
      ...(step.body === undefined ? {} : { body: filled(step.body) }),
    });
    expect(answer.status, `${where}: ${JSON.stringify(answer.body)}`).toBe(step.status);
    if (step.status === 204) expect(answer.body, where).toEqual({});
    if (step.answer !== undefined) expect(answer.body, where).toMatchObject(filled(step.answer));
    for (const [name, part] of Object.entries(step.keep ?? {})) kept.set(name, String(answer.body[part]));
    if (step.agents === undefined) continue;
    const { services } = door;
    await drain(openTenant('demo', demoTenant(), services), services, door.clock.now() + 600_000);
    expect(agentsOf(door), where).toEqual(step.agents);
  }
}

function agentsOf({ simulator }: Door) {
  return simulator
    .agents()
    .map(({ emailId, firstName, agentGroupId }) => ({
      emailId,
      firstName,
      agentGroup: DEMO_CATALOGUE.agentGroups.find(({ id }) => id === agentGroupId)?.name ?? agentGroupId,
    }))
    .sort((a, b) => (String(a.emailId) < String(b.emailId) ? -1 : 1));
}
