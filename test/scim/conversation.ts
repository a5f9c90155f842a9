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
  /** What the tenant has beside the shipped configuration. */
  tenant: z.looseObject({}).optional(),
  steps: z.array(
    z.strictObject({
      does: z.string(),
      /** Milliseconds that pass before. */
      advance: z.number().optional(),
      method: z.string(),
      path: z.string(),
      query: z.record(z.string(), z.string()).optional(),
      body: z.unknown().optional(),
      /** A list where the profile decides. */
      status: z.union([z.number(), z.array(z.number())]),
      /** What the answer has in it; without this it may be anything, for 204 nothing. */
      answer: z.record(z.string(), z.unknown()).optional(),
      /** Names for parts of the answer, which stand as <name> in later steps. */
      keep: z.record(z.string(), z.string()).optional(),
      /** The agents that SmartAssist has once everything due is done. */
      agents: z
        .array(
          z.strictObject({
            emailId: z.string(),
            firstName: z.string(),
            agentGroup: z.string(),
            /** Names with proficiencies, where a step is about them. */
            skills: z.array(z.string()).optional(),
            role: z.string().optional(),
          }),
        )
        .optional(),
    }),
  ),
});
type Conversation = z.output<typeof conversationSchema>;

const FOLDER = join(import.meta.dirname, '../fixtures/scim');
const FILES = ['okta.json', 'entra.json'];
/** In these nothing depends on whose dialect the tenant expects. */
const GOVERNANCE = ['okta-governance.json', 'entra-governance.json', 'entra-app-roles.json'];
const PROFILES = ['auto', 'okta', 'entra', 'generic'] as const;

/** Plays the conversations against a directory on a table. */
export function conversations(open: () => Promise<{ table: Table; close(): void | Promise<void> }>): void {
  const played = async (file: string, profile: Profile) => {
    const text = readFileSync(join(FOLDER, file), 'utf8');
    const { table, close } = await open();
    try {
      await play(conversationSchema.parse(JSON.parse(text)), table, profile);
    } finally {
      await close();
    }
  };
  describe.each(FILES)('the conversation in %s', (file) => {
    it('ends as it should, step by step', () => played(file, 'auto'));
  });
  describe.each(GOVERNANCE)('the conversation in %s', (file) => {
    it.each(PROFILES)('ends as it should in the profile %s', (profile) => played(file, profile));
  });
}

type Profile = (typeof PROFILES)[number];

async function play(conversation: Conversation, table: Table, profile: Profile): Promise<void> {
  const { client, headers, steps } = conversation;
  const tenant = { ...demoTenant(), ...conversation.tenant };
  tenant.scim = { ...tenant.scim, profile };
  const door = openDoor({ tenant, services: ({ clock }) => ({ directory: openDirectory(table, clock) }) });
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
    const expected = [step.status].flat();
    expect(expected, `${where}: ${answer.status} ${JSON.stringify(answer.body)}`).toContain(answer.status);
    if (answer.status === 204) expect(answer.body, where).toEqual({});
    if (step.answer !== undefined) expect(answer.body, where).toMatchObject(filled(step.answer));
    for (const [name, part] of Object.entries(step.keep ?? {})) kept.set(name, String(answer.body[part]));
    if (step.agents === undefined) continue;
    const { services } = door;
    await drain(openTenant('demo', tenant, services), services, door.clock.now() + 600_000);
    expect(agentsOf(door), where).toMatchObject(step.agents);
    expect(agentsOf(door), where).toHaveLength(step.agents.length);
  }
}

function agentsOf({ simulator }: Door) {
  return simulator
    .agents()
    .map(({ emailId, firstName, agentGroupId, skills, roleId }) => ({
      emailId,
      firstName,
      agentGroup: DEMO_CATALOGUE.agentGroups.find(({ id }) => id === agentGroupId)?.name ?? agentGroupId,
      skills: (skills ?? []).map(
        ({ skillId, proficiencyLevel }) => `${SKILLS.get(skillId)} ${proficiencyLevel}`,
      ),
      role: DEMO_CATALOGUE.roles.find(({ _id }) => _id === roleId)?.role,
    }))
    .sort((a, b) => (String(a.emailId) < String(b.emailId) ? -1 : 1));
}

const SKILLS = new Map(
  DEMO_CATALOGUE.skillGroups.flatMap((group) =>
    group.skills.map(({ id, name }) => [id, `${group.name}/${name}`] as const),
  ),
);
