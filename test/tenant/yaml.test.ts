import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import { ConfigurationError } from '../../functions/tenant/problem.ts';
import { readYaml } from '../../functions/tenant/yaml.ts';

/** The least that a tenant needs; `more` is YAML below it, at the tenant's indentation. */
const tenantWith = (more = '', smartassist = '') =>
  [
    'tenants:',
    '  demo:',
    `    smartassist: { host: platform.kore.ai, streamId: st-1, secret: s${smartassist} }`,
    ...more.split('\n').map((line) => `    ${line}`),
  ].join('\n');

/** The lines that an administrator sees. */
function complaints(text: string): string[] {
  try {
    loadConfiguration(text, 'p.yaml');
  } catch (error) {
    if (error instanceof ConfigurationError) return error.message.split('\n');
    throw error;
  }
  return [];
}

describe('a file that is good', () => {
  it('is the one that the repository ships', () => {
    expect(complaints(readFileSync('provisioner.yaml', 'utf8'))).toEqual([]);
  });

  it('needs no more than an address and a bot', () => {
    expect(complaints(tenantWith())).toEqual([]);
  });

  it('may use anchors and aliases', () => {
    const rules = 'rules: &rules\n  - { name: everyone, set: { agentGroup: Default Group } }';
    const two =
      'two:\n    smartassist: { host: platform.kore.ai, streamId: st-2, secret: s }\n    rules: *rules';
    expect(complaints(`${tenantWith(rules)}\n  ${two}`)).toEqual([]);
  });
});

describe('text that is no YAML', () => {
  it.each([
    ['a list without its end', 'tenants: [1, 2', /^p\.yaml:1:10: .*\]/],
    ['a tab as indentation', 'tenants:\n\tdemo: 1', /^p\.yaml:2:1: Tabs/],
    ['a key twice', 'tenants:\n  a: {}\n  a: {}', /^p\.yaml:3:3: a is there twice: first in line 2\. /],
    ['a second document', 'tenants: {}\n---\na: 1', /^p\.yaml:2:1: a second document begins here/],
    ['an alias of nothing', 'tenants:\n  demo: *nope', /^p\.yaml:2:9: there is no anchor &nope/],
    ['a tag that would be dropped', tenantWith('provisionWhen: !Ref When'), /^p\.yaml:4:20: .*!Ref/],
  ])('is complained about where it is: %s', (_, text, complaint) => {
    expect(complaints(text)).toEqual([expect.stringMatching(complaint)]);
  });

  it('cannot grow beyond measure by aliases of aliases', () => {
    const rows = [...'bcdefghij'].map((name, index) => {
      const before = `*${String.fromCharCode(name.charCodeAt(0) - 1)},`.repeat(10);
      return `${name}${index}: &${name} [${before}]`;
    });
    expect(complaints(['a: &a [x]', ...rows].join('\n'))).toEqual(['p.yaml:1:1: aliases stand for too much']);
  });

  it.each([
    ['nothing', ''],
    ['a word', 'hello'],
    ['a list', '- tenants'],
  ])('is complained about at its beginning: %s', (_, text) => {
    expect(complaints(text)).toEqual([expect.stringMatching(/^p\.yaml:1:1: must be keys with values/)]);
  });
});

describe('a key that is not known', () => {
  it.each([
    ['tenant: {}', 'p.yaml:1:1: tenant: is not a known key. Did you mean "tenants"?'],
    [
      tenantWith('', ', callPerMinute: 50'),
      'p.yaml:3:71: tenants.demo.smartassist.callPerMinute: is not a known key. Did you mean "callsPerMinute"?',
    ],
    [
      tenantWith('provisionwhen: active eq true'),
      'p.yaml:4:5: tenants.demo.provisionwhen: is not a known key. Did you mean "provisionWhen"?',
    ],
    [
      tenantWith('agent: { emailID: userName }'),
      'p.yaml:4:14: tenants.demo.agent.emailID: is not a known key. Did you mean "emailId"?',
    ],
    [
      tenantWith('rules:\n  - name: a\n    set: { agentGrup: Billing }'),
      'p.yaml:6:16: tenants.demo.rules[0].set.agentGrup: is not a known key. Did you mean "agentGroup"?',
    ],
  ])('comes with the nearest that is: %#', (text, complaint) => {
    expect(complaints(text)).toContain(complaint);
  });

  it('comes with the nearest one also where a value may be written in two ways', () => {
    expect(complaints(tenantWith('agent: { firstName: { form: name.givenName } }'))).toEqual([
      'p.yaml:4:27: tenants.demo.agent.firstName.form: is not a known key. Did you mean "from"?',
    ]);
  });

  it('comes with all that are when none is near', () => {
    expect(complaints(tenantWith('rules: [{ name: a, add: { agentGroup: Billing } }]'))).toEqual([
      'p.yaml:4:31: tenants.demo.rules[0].add.agentGroup: is not a known key. Known are: skills, queues, chat, voice, desktopLayouts.',
    ]);
  });
});

describe('a value that does not fit', () => {
  it.each([
    [
      'a word that is not one of the choices',
      'rules:\n  - name: a\n    add: { skills: [{ skill: X, proficiency: great }] }',
      /^p\.yaml:6:37: tenants\.demo\.rules\[0\]\.add\.skills\[0\]\.proficiency: is none of novice, average, good, expert\.$/,
    ],
    [
      'a number where text is meant',
      'rules: [{ name: 7 }]',
      /^p\.yaml:4:15: tenants\.demo\.rules\[0\]\.name: is read as a number; write it in quotes$/,
    ],
    [
      'a number where text or an object is meant',
      'rules: [{ name: a, set: { queues: [42] } }]',
      /^p\.yaml:4:40: tenants\.demo\.rules\[0\]\.set\.queues\[0\]: is read as a number; write it in quotes$/,
    ],
    [
      'text where a list is meant',
      'rules: all',
      /^p\.yaml:4:5: tenants\.demo\.rules: must be a list, not a text$/,
    ],
    [
      'a duration without a unit',
      'lifecycle: { brake: { within: 1 hour } }',
      /^p\.yaml:4:27: tenants\.demo\.lifecycle\.brake\.within: .*such as 1h$/,
    ],
    [
      'a capacity that SmartAssist has not',
      'rules: [{ name: a, set: { chat: { capacity: 16 } } }]',
      /^p\.yaml:4:39: tenants\.demo\.rules\[0\]\.set\.chat\.capacity: .*15/,
    ],
    [
      'a region in small letters',
      'rules: [{ name: a, set: { callRegion: de } }]',
      /callRegion: two or three capital letters/,
    ],
    ['a source without its preset', 'sources: { okta: {} }', /sources\.okta\.preset: is missing$/],
    ['a source with a space in its name', 'sources: { "A b": { preset: x } }', /sources\.A b: lower-case/],
  ])('is named with place, path and reason: %s', (_, more, complaint) => {
    expect(complaints(tenantWith(more))).toEqual([expect.stringMatching(complaint)]);
  });

  it.each([
    ['streamId: bot-1', /^p\.yaml:3:\d+: tenants\.demo\.smartassist\.streamId: st- and an id/],
    ['host: "https://platform.kore.ai/api"', /smartassist\.host: a host name such as platform\.kore\.ai/],
    ['host: "http://platform.kore.ai"', /smartassist\.host: a host name/],
    ['host: "http://127.0.0.1.evil.example"', /smartassist\.host: a host name/],
    [
      'accountId: 000000000000000000000000',
      /smartassist\.accountId: is read as a number; write it in quotes/,
    ],
    ['accountId: xyz', /smartassist\.accountId: 24 hexadecimal digits/],
    ['secret: "two words"', /smartassist\.secret: a name that Secrets Manager allows/],
    ['callsPerMinute: 61', /smartassist\.callsPerMinute: must be at most 60$/],
    ['callsPerMinute: 0', /smartassist\.callsPerMinute: must be at least 1$/],
    [
      'callsPerMinute: fifty',
      /smartassist\.callsPerMinute: must be a number or auto or keys with values, not a text$/,
    ],
    ['callsPerMinute: { auto: at night }', /callsPerMinute\.auto: hours of the day, such as 20:00-06:00$/],
    ['callsPerMinute: { auto: 24:00-06:00 }', /callsPerMinute\.auto: hours of the day, such as 20:00-06:00$/],
    ['callsPerMinute: { auto: 20:00-20:00 }', /callsPerMinute\.auto: begins and ends at different times$/],
    ['profile: kore', /smartassist\.profile: is none of smartassist, ai-for-service\.$/],
  ])('is named where it says how to reach SmartAssist: %s', (setting, complaint) => {
    const [key = ''] = setting.split(':');
    const others = ['host: platform.kore.ai', 'streamId: st-1', 'secret: s'].filter(
      (other) => !other.startsWith(`${key}:`),
    );
    const text = `tenants:\n  demo:\n    smartassist: { ${[...others, setting].join(', ')} }`;
    expect(complaints(text)).toEqual([expect.stringMatching(complaint)]);
  });

  it.each([
    ['set: { agentGroup: [A] }', 'set.agentGroup: must be a text or keys with values, not a list'],
    ['set: { nickName: }', 'set.nickName: must be a text or keys with values, not nothing'],
    ['set: { skills: [Refunds] }', 'set.skills[0]: must be keys with values, not a text'],
    ['set: { skills: [{ skill: Refunds }] }', 'set.skills[0].proficiency: is missing'],
    ['set: { queues: VIP }', 'set.queues: must be a list, not a text'],
    ['set: { callRegion: de }', 'set.callRegion: two or three capital letters, such as DE'],
    ['set: { chat: { enabled: yes } }', 'set.chat.enabled: must be true or false, not a text'],
    ['set: { chat: { capacity: 1.5 } }', 'set.chat.capacity: must be a whole number'],
    ['set: { chat: { capacity: -1 } }', 'set.chat.capacity: must be at least 0'],
    ['set: { agentGroup: " " }', 'set.agentGroup: must not be empty'],
    ['set: { status: INACTIVE }', 'set.status: must be ACTIVE, not a text'],
    ['set: { custom: { a b: 1 } }', 'set.custom.a b: letters, digits and _, a letter first, 64 at most'],
    ['remove: { nickName: false }', 'remove.nickName: must be true, not false'],
    ['remove: { skills: Refunds }', 'remove.skills: must be true or a list, not a text'],
    ['remove: { chat: { capacity: 3 } }', 'remove.chat.capacity: must be true, not a number'],
    [
      'remove: { chat: { capacty: true } }',
      'remove.chat.capacty: is not a known key. Did you mean "capacity"?',
    ],
    [
      'set: { role: { from: title, as: digit } }',
      'set.role.as: is none of digits, e164, lower, upper, trim. Did you mean "digits"?',
    ],
    [
      'set: { role: { from: title, as: [x] } }',
      'set.role.as[0]: is none of digits, e164, lower, upper, trim.',
    ],
    ['set: { role: { from: title, as: [] } }', 'set.role.as: must have at least 1 entries'],
    ['set: { role: { from: title, map: {} } }', 'set.role.map: at least one entry'],
    [
      'set: { role: { from: title, map: { a: 1 } } }',
      'set.role.map.a: is read as a number; write it in quotes',
    ],
    ['set: { role: { from: title, truncate: 0 } }', 'set.role.truncate: must be at least 1'],
    ['set: { role: { from: title, region: de } }', 'set.role.region: two capital letters, such as DE'],
    [
      'set: { role: { from: title, otherwise: 5 } }',
      'set.role.otherwise: is read as a number; write it in quotes',
    ],
    ['stop: 1', 'stop: must be true or false, not a number'],
    ['when: [a]', 'when: must be a text, not a list'],
  ])('is named in a rule in the words of whoever wrote it: %s', (rule, complaint) => {
    const [found, ...others] = complaints(tenantWith(`rules: [{ name: a, ${rule} }]`));
    expect(others).toEqual([]);
    expect(found?.replace(/^p\.yaml:4:\d+: tenants\.demo\.rules\[0\]\./, '')).toBe(complaint);
  });

  it('is named with each key of it that is wrong', () => {
    expect(complaints(tenantWith('rules: [{ name: a, set: { queues: [{ name: X }] } }]'))).toEqual([
      'p.yaml:4:40: tenants.demo.rules[0].set.queues[0].queue: is missing',
      'p.yaml:4:42: tenants.demo.rules[0].set.queues[0].name: is not a known key. Known are: queue, preferred, from, as, region, map, otherwise, truncate.',
    ]);
    expect(complaints(tenantWith('wishes: [skill]'))).toEqual([
      'p.yaml:4:14: tenants.demo.wishes[0]: is none of agentGroup, role, skills, languages, queues. Did you mean "skills"?',
    ]);
    expect(complaints(tenantWith('wishes: { scim: [skill] }'))).toEqual([
      'p.yaml:4:22: tenants.demo.wishes.scim[0]: is none of agentGroup, role, skills, languages, queues. Did you mean "skills"?',
    ]);
    expect(complaints(tenantWith('entitlements: { proficiency: level }'))).toEqual([
      'p.yaml:4:21: tenants.demo.entitlements.proficiency: is none of none, levels. Did you mean "levels"?',
    ]);
    expect(complaints(tenantWith('agent: { nickname: title }'))).toEqual([
      'p.yaml:4:14: tenants.demo.agent.nickname: is not a known key. Did you mean "nickName"?',
    ]);
  });

  it('is not one of more rules than there may be', () => {
    const rules = Array.from({ length: 501 }, (_, index) => `{ name: rule ${index} }`).join(', ');
    expect(complaints(tenantWith(`rules: [${rules}]`))).toEqual([
      'p.yaml:4:5: tenants.demo.rules: must have at most 500 entries',
    ]);
  });

  it('is not taken for the key that is missing beside it', () => {
    expect(complaints('tenants:\n  demo:\n    smartassist: { host: platform.kore.ai }')).toEqual([
      'p.yaml:3:5: tenants.demo.smartassist.streamId: is missing',
    ]);
  });
});

describe('tenants', () => {
  it.each([
    ['tenants: {}', 'p.yaml:1:1: tenants: at least one tenant'],
    ['tenants:\n  demo: {}', 'p.yaml:2:3: tenants.demo.smartassist: is missing'],
    [
      tenantWith().replace('demo', 'Demo_1'),
      'p.yaml:2:3: tenants.Demo_1: lower-case letters, digits and dashes, 32 at most',
    ],
  ])('must be there, and be called as a part of an address can be: %#', (text, complaint) => {
    expect(complaints(text)).toEqual([complaint]);
  });
});

describe('an expression', () => {
  it.each([
    [
      'rules:\n  - name: a\n    when: groups.display zz "x"',
      /^p\.yaml:6:9: tenants\.demo\.rules\[0\]\.when: The operator 'zz' is not supported/,
      '    groups.display zz "x"',
      '                   ^',
    ],
    [
      'provisionWhen: activ eq true',
      /^p\.yaml:4:5: tenants\.demo\.provisionWhen: .*Did you mean "active"\?/,
      '    activ eq true',
      '    ^',
    ],
    [
      'agent:\n  firstName: name.givenNam',
      /^p\.yaml:5:7: tenants\.demo\.agent\.firstName: .*Did you mean "givenName"\?/,
      '    name.givenNam',
      '         ^',
    ],
    [
      'agent:\n  emailId: { from: \'userName |  emails[typ eq "work"].value\' }',
      /^p\.yaml:5:7: tenants\.demo\.agent\.emailId: .*Did you mean "type"\?/,
      '    userName |  emails[typ eq "work"].value',
      '                       ^',
    ],
    [
      "agent:\n  nickName: '{displayName} ({nicName})'",
      /^p\.yaml:5:7: tenants\.demo\.agent\.nickName: .*Did you mean "nickName"/,
      '    {displayName} ({nicName})',
      '                    ^',
    ],
  ])('is shown with a caret where it stops making sense: %#', (more, complaint, text, caret) => {
    expect(complaints(tenantWith(more))).toEqual([expect.stringMatching(complaint), text, caret]);
  });

  it('is shown around the caret when it is long', () => {
    const long = `${'active eq true or '.repeat(30)}activ eq true${' or active eq true'.repeat(30)}`;
    expect(complaints(tenantWith(`provisionWhen: ${long}`)).slice(1)).toEqual([
      '    …active eq true or active eq true or activ eq true or active eq true or a…',
      '                                         ^',
    ]);
  });

  it('is shown on one line, however many it is written on', () => {
    expect(complaints(tenantWith('provisionWhen: |\n  active eq true or\n  activ eq true')).slice(1)).toEqual(
      ['    active eq true or activ eq true ', '                      ^'],
    );
  });

  it('that is empty is not shown', () => {
    expect(complaints(tenantWith("agent:\n  lastName: ''"))).toEqual([
      'p.yaml:5:7: tenants.demo.agent.lastName: The name of an attribute is missing here.',
    ]);
  });
});

describe('keys', () => {
  it('stay as they are written, also those that look like numbers', () => {
    const map =
      'rules: [{ name: a, set: { agentGroup: { from: costCenter, map: { 0815: A, 0x1F: B, 1e3: C, ~: D } } } }]';
    const { tenants } = loadConfiguration(tenantWith(map), 'p.yaml');
    const agentGroup = tenants.demo?.rules[0]?.set?.agentGroup;
    expect(agentGroup).toHaveProperty('map', { '0815': 'A', '0x1F': 'B', '1e3': 'C', '~': 'D' });
  });
});

it('complains about everything at once, from top to bottom', () => {
  const text = tenantWith('rules: [{ name: 1, set: { rol: Agent } }]\nlifecycle: { onDelete: erase }');
  expect(complaints(text).map((line) => line.split(': ')[0])).toEqual([
    'p.yaml:4:15',
    'p.yaml:4:31',
    'p.yaml:5:18',
  ]);
});

it.each([
  ['lists in a line', '['.repeat(3_000) + ']'.repeat(3_000)],
  ['lists in blocks', `${'- '.repeat(3_000)}a`],
  ['maps', `${'{a: '.repeat(3_000)}1${'}'.repeat(3_000)}`],
])('%s that are nested more deeply than can be read are told so', (_, text) => {
  expect(readYaml(text).problems.map(({ message }) => message)).toEqual([
    'is nested more deeply than can be read',
  ]);
});
