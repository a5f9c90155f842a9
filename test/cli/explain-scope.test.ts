import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { person, prepareCentre } from './centre.ts';
import { PATIENCE_MS } from './program.ts';
import { closeStores, STORES, type Store } from './stores.ts';

let prepared: Awaited<ReturnType<typeof prepareCentre>>;
beforeAll(async () => {
  prepared = await prepareCentre();
}, PATIENCE_MS);
afterAll(async () => {
  prepared.remove();
  await closeStores();
});

const CALLS = /^(GET|POST|PUT|DELETE) /;

describe.each(STORES)('explain on %s', { timeout: PATIENCE_MS }, (_kind, open) => {
  let store: Store;
  beforeEach(async () => {
    store = await open(prepared);
    await store.centre.arrive(person('ada', 'Billing', { preferredLanguage: 'de-DE' }));
  }, PATIENCE_MS);
  afterEach(() => store.centre.close());

  it('shows clause by clause why a person is to be no agent, and why a rule is not for the person', async () => {
    const configuration = prepared.configuration('scoped.yaml', [
      "'not (active eq false)'",
      `'not (active eq false) and (groups.display sw "Contact" or emails[type eq "work"].value ew "@acme.com")'`,
    ]);
    const { stdout, code } = await store.run(['-c', configuration, 'explain', 'ada@example.com']);
    expect(code).toBe(0);
    expect(stdout).toContain(
      [
        '  provisionWhen:',
        '    ✗ all of',
        '      ✓ not',
        '        ✗ active eq false  (has true)',
        '      ✗ one of',
        '        ✗ groups.display sw "Contact"  (has none)',
        '        ✗ emails[type eq "work"].value ew "@acme.com"  (has ada@example.com)',
        '  rule technical support is not for this person:',
        '    ✗ one of',
        '      ✗ groups.display eq "Contact Centre Support"  (has none)',
        '      ✗ department eq "Support"  (has Billing)',
        '',
      ].join('\n'),
    );
  });

  it('shows what SmartAssist has beside what it should have, for one call', async () => {
    await store.connect();
    const { simulator } = store.centre;
    const [agent] = simulator.agents();
    simulator.editAgent(agent?.id ?? '', { lastName: 'Lovelace', queues: [] });
    const before = Object.entries(simulator.calls()).filter(([call]) => CALLS.test(call));
    const { stdout, stderr, code } = await store.run(['explain', 'ada@example.com', '--live']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`In SmartAssist now\n  ${agent?.id}`);
    expect(stdout).toMatch(/^ {2}\S+(?:, changed at \S+)?, never online yet$/m);
    expect(stdout).toContain('  ✗ lastName: Lovelace, and should be Example\n');
    expect(stdout).toContain('  ✗ queues: (none), and should be Default Queue, Billing\n');
    expect(stdout).toContain('  ✓ agentGroup: Billing\n');
    expect(stdout).toContain('  ✓ chat.languages: en good, de expert\n');
    simulator.editAgent(agent?.id ?? '', { lastOnlineAt: '2026-11-01T08:00:00.000Z' });
    const sum = (calls: [string, number][]) => calls.reduce((all, [, count]) => all + count, 0);
    const after = Object.entries(simulator.calls()).filter(([call]) => CALLS.test(call));
    expect(sum(after) - sum(before)).toBe(1);
    const { answer } = await store.json(['explain', 'ada@example.com', '--live']);
    expect((await store.run(['explain', 'ada@example.com', '--live'])).stdout).toContain(
      'online last at 2026-11-01T08:00:00.000Z\n',
    );
    expect(answer).toMatchObject({
      scope: { provisionWhen: { holds: true }, authority: { inService: ['scim'], outBy: [] } },
      live: { agentId: agent?.id },
    });
  });

  it('says that there is no agent, and what keeps SmartAssist from answering', async () => {
    await store.connect();
    const { simulator } = store.centre;
    await store.centre.arrive(person('dora', 'Sales', { active: false }));
    expect((await store.run(['explain', 'dora@example.com', '--live'])).stdout).toContain(
      'In SmartAssist now\n  no agent\n',
    );
    simulator.setBehaviour({ faults: [{ kind: 'status', status: 503 }] });
    const { stderr, code } = await store.run(['explain', 'ada@example.com', '--live']);
    expect(code).toBe(2);
    expect(stderr).toContain('503');
  });
});
