import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../functions/mapping/load.ts';
import { checkNames } from '../../functions/mapping/payload/check-names.ts';
import { nameIndex } from '../../functions/mapping/payload/names.ts';
import { catalogueOf } from '../examples/catalogue.ts';
import { demoCatalogue, demoTenant } from './demo.ts';
import { tenantOf } from './tenant.ts';

const check = (written: object) =>
  checkNames(tenantOf(written), { ...demoCatalogue }).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const skill = (name: unknown) => ({ skill: name, proficiency: 'good' });

describe('the names of a configuration', () => {
  it('are all there in the one that is shipped', () => {
    expect(checkNames(demoTenant(), demoCatalogue)).toEqual([]);
  });

  it('are looked up wherever they stand', () => {
    const wrong = {
      agentGroup: 'Billin',
      role: 'Agnt',
      skills: [skill('Billing/Refunds'), skill('Refunds'), skill('Billing/Refunts')],
      queues: ['VIP', 'VPI', { queue: 'Suport', preferred: true }],
    };
    const { agentGroup, role, ...lists } = wrong;
    expect(
      check({
        rules: [
          { name: 'a', set: wrong },
          { name: 'b', add: lists, remove: { skills: ['Invoice', 'Invoices'], queues: ['Sale'] } },
        ],
      }),
    ).toEqual([
      'rules.0.set.agentGroup: agent group "Billin" does not exist in SmartAssist; the nearest names are: Billing',
      'rules.0.set.role: role "Agnt" does not exist in SmartAssist; the nearest names are: Agent',
      'rules.0.set.skills.1.skill: skill "Refunds" exists more than once; write one of: Billing/Refunds, Support/Refunds',
      'rules.0.set.skills.2.skill: skill "Billing/Refunts" does not exist in SmartAssist; the nearest names are: Billing/Refunds',
      'rules.0.set.queues.1.queue: queue "VPI" does not exist in SmartAssist; the nearest names are: VIP',
      'rules.0.set.queues.2.queue: queue "Suport" does not exist in SmartAssist; the nearest names are: Support',
      'rules.1.add.skills.1.skill: skill "Refunds" exists more than once; write one of: Billing/Refunds, Support/Refunds',
      'rules.1.add.skills.2.skill: skill "Billing/Refunts" does not exist in SmartAssist; the nearest names are: Billing/Refunds',
      'rules.1.add.queues.1.queue: queue "VPI" does not exist in SmartAssist; the nearest names are: VIP',
      'rules.1.add.queues.2.queue: queue "Suport" does not exist in SmartAssist; the nearest names are: Support',
      'rules.1.remove.skills.0: skill "Invoice" does not exist in SmartAssist; the nearest names are: Billing/Invoices',
      'rules.1.remove.queues.0: queue "Sale" does not exist in SmartAssist; the nearest names are: Sales',
    ]);
  });

  it('are looked up in tables and what they say otherwise', () => {
    const source = { from: 'title', map: { A: 'Nowhere', B: 'Billing' }, otherwise: 'Elsewhere' };
    const places = check({
      agent: { agentGroup: source, role: { from: 'title' }, nickName: source },
      rules: [
        {
          name: 'a',
          set: {
            skills: [skill({ from: 'title', map: { A: 'Nothing' } })],
            nickName: source,
            role: { from: 'x', otherwise: null },
          },
          remove: { queues: [{ from: 'title', otherwise: 'Nobody' }], skills: true },
        },
      ],
    }).map((line) => line.split(':')[0]);
    expect(places).toEqual([
      'agent.agentGroup.map.A',
      'agent.agentGroup.otherwise',
      'rules.0.set.skills.0.skill.map.A',
      'rules.0.remove.queues.0.otherwise',
    ]);
  });

  it('are found in the file', () => {
    const { configuration, locate } = checkConfiguration(
      [
        'tenants:',
        '  demo:',
        '    smartassist: { host: platform.kore.ai, streamId: st-1, secret: s }',
        '    rules:',
        '      - name: a',
        '        add:',
        '          queues: [VIP, Nowhere]',
      ].join('\n'),
    );
    const [problem] = configuration?.tenants.demo
      ? checkNames(configuration.tenants.demo, demoCatalogue)
      : [];
    const path = ['tenants', 'demo', ...(problem?.path ?? [])];
    expect(locate({ path, message: '' })).toMatchObject({ line: 7, column: 25 });
  });
});

describe('an index of names', () => {
  const catalogue = catalogueOf({
    agentGroups: ['Sales', 'SALES', 'Support'],
    skills: ['A/One', 'B/one', 'B/Two', 'C/Three', 'D/Three', 'E/Three', 'F/Three', 'G/Threes'],
    queues: [],
  });
  /** Another index for each test, so that none remembers for others. */
  const indexed = () => nameIndex({ ...catalogue });

  it('is made once for a catalogue', () => {
    expect(nameIndex(catalogue)).toBe(nameIndex(catalogue));
    expect(nameIndex({ ...catalogue })).not.toBe(nameIndex(catalogue));
  });

  it.each([
    ['agent group', 'Sales', 'ag-sales'],
    ['agent group', ' support ', 'ag-support'],
    ['skill', 'One', 'sk-a-one'],
    ['skill', 'one', 'sk-b-one'],
    ['skill', 'b/ONE', 'sk-b-one'],
    ['skill', 'TWO', 'sk-b-two'],
    ['skill', 'sk-b-two', 'sk-b-two'],
    ['agent group', ' ag-support ', 'ag-support'],
  ] as const)('finds the %s "%s"', (kind, name, id) => {
    expect(indexed().resolve(kind, name)).toEqual({ id });
  });

  it.each([
    [
      'agent group',
      'sales',
      'ambiguous',
      'agent group "sales" exists more than once; write one of: Sales, SALES',
    ],
    ['skill', 'ONE', 'ambiguous', 'skill "ONE" exists more than once; write one of: A/One, B/one'],
    ['queue', 'Any', 'unknown', 'queue "Any" does not exist in SmartAssist; it has none'],
    ['skill', 'Xyzzy', 'unknown', 'skill "Xyzzy" does not exist in SmartAssist'],
    ['skill', 'Tow', 'unknown', 'skill "Tow" does not exist in SmartAssist; the nearest names are: B/Two'],
    [
      'skill',
      'Thre',
      'unknown',
      'skill "Thre" does not exist in SmartAssist; the nearest names are: C/Three, D/Three, E/Three',
    ],
  ] as const)('does not find the %s "%s": %s', (kind, name, reason, message) => {
    const { resolve } = indexed();
    expect(resolve(kind, name)).toEqual({ reason, message });
    // The second answer is the one that it remembers.
    expect(resolve(kind, name)).toEqual({ reason, message });
  });

  it('answers without suggestions when asked to, and does not remember that', () => {
    const { resolve } = indexed();
    const bare = { reason: 'unknown', message: 'skill "Twoo" does not exist in SmartAssist' };
    expect(resolve('skill', 'Twoo', false)).toEqual(bare);
    expect(resolve('skill', 'Twoo')).toMatchObject({
      message: `${bare.message}; the nearest names are: B/Two`,
    });
    expect(resolve('skill', 'Twoo', false)).toMatchObject({
      message: `${bare.message}; the nearest names are: B/Two`,
    });
  });

  it('tells a skill from a role of the same name', () => {
    const { resolve } = indexed();
    expect(resolve('role', 'One')).toMatchObject({ reason: 'unknown' });
    expect(resolve('skill', 'One')).toEqual({ id: 'sk-a-one' });
  });

  it('goes on when very many names are unknown', () => {
    const { resolve } = indexed();
    for (let index = 0; index < 2500; index++) resolve('queue', `Queue ${index}`);
    expect(resolve('queue', 'Queue 1')).toMatchObject({ reason: 'unknown' });
  });
});
