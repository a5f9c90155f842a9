import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { PersonRecord } from '../../functions/directory/record.ts';
import type { Item } from '../../functions/directory/table.ts';
import { customIdOf } from '../../functions/provision/custom-id.ts';

it('our key of an agent is 15 characters that both generations of the API take', () => {
  for (const id of ['ada', 'E1001', 'zoë', '']) expect(customIdOf('demo', id)).toMatch(/^[a-z2-7]{15}$/);
});

it('our key of an agent is another one for each person and tenant', () => {
  const keys = ['demo', 'second'].flatMap((tenant) => ['ada', 'eve'].map((id) => customIdOf(tenant, id)));
  expect(new Set(keys).size).toBe(4);
});

it('our key of an agent is the one that version 0.1.0 made it with', () => {
  const fixture = join(import.meta.dirname, '../fixtures/stored/two-holders-0.1.json');
  const items = JSON.parse(readFileSync(fixture, 'utf8')) as Item[];
  const records = items.flatMap(({ body: { record } }) =>
    record === undefined ? [] : [record as PersonRecord],
  );
  expect(records).toHaveLength(3);
  for (const { tenant, id, agent } of records) expect(customIdOf(tenant, id)).toBe(agent.customId);
});
