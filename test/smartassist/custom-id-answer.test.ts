import { describe, expect, it } from 'vitest';
import { agentsByCustomId } from '../../functions/smartassist/agent.ts';
import { person, provisionBench } from '../provision/bench.ts';

const record = { id: 'a-1', emailId: 'ada@example.com' };

describe('the answer to a look-up by Custom ID', () => {
  it.each([
    ['an id', 'a-1', ['a-1']],
    ['ids', ['a-1', 'a-2'], ['a-1', 'a-2']],
    ['a record', record, [record]],
    ['records', [record], [record]],
    ['records within an object', { results: [record], total: 1 }, [record]],
    ['ids within an object', { agentIds: ['a-1'] }, ['a-1']],
    ['none, as an empty list', [], []],
    ['none, as an empty object', {}, []],
    ['none, as null', null, []],
  ])('may be %s', (_, answer, found) => {
    expect(agentsByCustomId().parse(answer)).toEqual(found);
  });

  it.each([[7], ['<html>'], [{ message: 'hello' }], [[{ name: 'no id' }]]])(
    'is not read from %j',
    (answer) => {
      expect(agentsByCustomId().safeParse(answer).success).toBe(false);
    },
  );

  it('leads to the agent where it is an id alone', async () => {
    const bench = provisionBench({ behaviour: { customIdAnswer: 'ids' } });
    const before = await bench.stored(person('ada'));
    const renamed = person('ada', { name: { givenName: 'ada', familyName: 'Byron' } });
    expect((await bench.stored(renamed, { before })).state).toBe('provisioned');
    expect(bench.simulator.agents()).toMatchObject([{ lastName: 'Byron' }]);
  });
});
