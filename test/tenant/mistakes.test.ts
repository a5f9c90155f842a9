import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../functions/mapping/load.ts';
import { hintsOf } from '../../functions/tenant/hints.ts';
import { problemText } from '../../functions/tenant/problem.ts';

const HEAD = `tenants:
  demo:
    smartassist: { host: platform.kore.ai, streamId: st-1 }
`;
const RULE = '    rules:\n      - name: a\n';

/** What `check` says of a text. */
function told(text: string): string[] {
  const { problems, configuration, locate } = checkConfiguration(text);
  const hints = configuration === undefined ? [] : hintsOf(configuration).map(locate);
  return [...problems, ...hints].map((problem) => problemText('p', problem).split('\n')[0] ?? '');
}

/** What people type who write YAML seldom; each with the place, and with words of its remedy. */
const MISTAKES: Readonly<Record<string, readonly [text: string, place: string, remedy: string]>> = {
  'tabs all the way down': [
    'tenants:\n\tdemo:\n\t\tsmartassist:\n\t\t\thost: platform.kore.ai\n',
    '2:1',
    "Tabs can't indent in YAML: write blanks, two a level; also in lines 3, 4",
  ],
  'a template with two braces': [
    `${HEAD}${RULE}        set: { agentGroup: {{ department }} }\n`,
    '6:29',
    "single braces, and stands in quotes: '{department}'",
  ],
  'a list as a key': [`${HEAD}    ? [a]\n    : b\n`, '4:7', 'a key is a name'],
  'a key that an alias stands for': ['a: &x 1\n*x : 2\n', '2:1', 'a key is a name'],
  'a tab in front of a list': [
    `${HEAD}    rules:\n\t- name: a\n\t  set: { role: B }\n`,
    '5:1',
    'write blanks',
  ],
  'a tab behind blanks': [`${HEAD}${RULE}      \tset: { role: B }\n`, '6:7', 'write blanks'],
  'a blank too few': [
    `${HEAD}${RULE}        set: { role: B }\n       stop: true\n`,
    '7:8',
    'write 8 beside "set" (line 6)',
  ],
  'a key below one that has a value': [
    'tenants:\n  demo:\n    smartassist:\n      host: platform.kore.ai\n        streamId: st-1\n',
    '5:9',
    'below "host" (line 4), which has a value already; write 6',
  ],
  'a list below a value': [`${HEAD}    rules: none\n      - name: a\n`, '5:7', 'below "rules" (line 4)'],
  'a key between two levels': [
    'tenants:\n  demo:\n    smartassist:\n      host: platform.kore.ai\n     streamId: st-1\n',
    '5:6',
    'write 6 beside "host" (line 4), or 4 beside "smartassist" (line 3)',
  ],
  'a tenant that is not indented': [`tenants:\ndemo:\n  smartassist: {}\n`, '1:1', 'from "demo" on'],
  'a dash a column to the left': [
    `${HEAD}${RULE}     - name: b\n`,
    '6:6',
    'write 6 beside the entry (line 5)',
  ],
  'a dash a level too deep': [
    `${HEAD}${RULE}        - name: b\n`,
    '6:9',
    'write 6 beside the entry (line 5)',
  ],
  'a key below the dash instead of the name': [
    `${HEAD}${RULE}      set: { agentGroup: B }\n`,
    '6:7',
    'write 8 beside "name" (line 5)',
  ],
  'a template of two': [
    `${HEAD}    agent:\n      nickName: {nickName} {name.familyName}\n`,
    '5:17',
    "'{nickName} {name.familyName}'",
  ],
  'a template of one': [`${HEAD}    agent:\n      nickName: {displayName}\n`, '5:7', "'{displayName}'"],
  'a template between braces': [
    `${HEAD}    agent: { nickName: {givenName} {familyName} }\n`,
    '4:24',
    "'{givenName} {familyName}'",
  ],
  'a template with text': [
    `${HEAD}${RULE}        set: { queues: [ { from: Queue {department} } ] }\n`,
    '6:34',
    "'Queue {department}'",
  ],
  'an ampersand in front': [`${HEAD}${RULE}        set: { agentGroup: &Sales }\n`, '6:35', "'&Sales'"],
  'an ampersand alone': [`${HEAD}    rules:\n      - name: & Sales\n`, '5:15', "'& Sales'"],
  'a star in front': [`${HEAD}${RULE}        set: { agentGroup: *Sales }\n`, '6:28', "'*Sales'"],
  'a star alone': [`${HEAD}${RULE}        set: { agentGroup: * }\n`, '6:28', "'*'"],
  'an at sign in front': [`${HEAD}    rules:\n      - name: @home\n`, '5:15', "'@home'"],
  'a per cent sign in front': [`${HEAD}    rules:\n      - name: %a\n`, '5:15', "'%a'"],
  'an exclamation mark in front': [`${HEAD}    rules:\n      - name: !important\n`, '5:15', "'!important'"],
  'a bar in front': [`${HEAD}    agent:\n      emailId: | userName\n`, '5:16', "'| userName'"],
  'greater than in front': [`${HEAD}    rules:\n      - name: >5 years\n`, '5:15', "'>5 years'"],
  'a question mark in front': [`${HEAD}    rules:\n      - name: ? a\n`, '5:15', "'? a'"],
  'a dash for a value': [`${HEAD}${RULE}        set: { agentGroup: - }\n`, '6:28', "'-'"],
  'a key twice': [
    `${HEAD}    timeZone: Europe/Berlin\n    rules: []\n    timeZone: Europe/Paris\n`,
    '6:5',
    'timeZone is there twice: first in line 4',
  ],
  'a tenant twice': [`${HEAD}  demo:\n    smartassist: {}\n`, '4:3', 'demo is there twice: first in line 2'],
  'a key twice between braces': [
    `${HEAD}    rules: [{ name: a, set: { role: Agent, role: Admin } }]\n`,
    '4:44',
    'role is there twice: first in line 4',
  ],
  'a colon in a value': [
    `${HEAD}    rules:\n      - name: Support: first line\n`,
    '5:15',
    "'Support: first line'",
  ],
  'a colon in a value between braces': [
    `${HEAD}    rules: [{ name: Support: first }]\n`,
    '4:21',
    "'Support: first'",
  ],
  'no blank behind the colon': [`${HEAD}    timeZone:Europe/Berlin\n`, '4:5', 'timeZone: Europe/Berlin'],
  'no blank behind two colons': [
    'tenants:\n  demo:\n    smartassist:\n      host:platform.kore.ai\n      streamId:st-1\n',
    '3:5',
    'host: platform.kore.ai',
  ],
  'no blank behind a colon between braces': [
    `${HEAD}    rules: [{ name:a, set: { role: Agent } }]\n`,
    '4:15',
    'name: a',
  ],
  'no blank behind the dash': [`${HEAD}    rules:\n      -name: a\n       set: {}\n`, '5:7', '- name: a'],
  'no colon': [`${HEAD}    rules\n      - name: a\n`, '4:5', 'rules:'],
  'an equals sign': [
    `${HEAD}    timeZone = Europe/Berlin\n    rules: []\n`,
    '4:5',
    'timeZone: Europe/Berlin',
  ],
  'a quote that stays open': [
    `${HEAD}    rules:\n      - name: "a\n        set: { role: B }\n`,
    '5:15',
    'has no " at its end',
  ],
  'an apostrophe between single quotes': [
    `${HEAD}    rules:\n      - name: 'Ada's group'\n`,
    '5:15',
    "'Ada''s group'",
  ],
  'a filter that begins with a quote': [
    `${HEAD}${RULE}        when: "title" eq "x"\n`,
    '6:15',
    `'"title" eq "x"'`,
  ],
  'double quotes between double quotes': [
    `${HEAD}${RULE}        when: "title eq "x""\n`,
    '6:15',
    `'title eq "x"'`,
  ],
  'a brace that stays open': [`${HEAD}    rules: [{ name: a, set: { role: Agent }]\n`, '4:44', 'needs its }'],
  'a brace that stays open to the next line': [
    `${HEAD}    rules:\n      - { name: a, set: { role: Agent }\n      - { name: b }\n`,
    '5:9',
    'has no }',
  ],
  'a bracket that stays open': [`${HEAD}    wishes: [skills, queues\n    rules: []\n`, '4:13', 'has no ]'],
  'a brace too many': [`${HEAD}    agent: { nickName: title }}\n`, '4:31', 'one } too many'],
  'no comma': [
    `${HEAD}    rules: [{ name: a set: { role: Agent } }]\n`,
    '4:23',
    'a comma is missing in front of set',
  ],
  'no comma in JSON': [
    '{ "tenants": { "demo": { "smartassist": { "host": "platform.kore.ai" "streamId": "st-1" } } } }',
    '1:70',
    'a comma is missing in front of "streamId"',
  ],
  'a comma at the end of a line': [
    `${HEAD}    timeZone: Europe/Berlin,\n    rules: [],\n`,
    '5:14',
    'leave it out',
  ],
  'a list with dashes between braces': [`${HEAD}${RULE}        set: { queues: - VIP }\n`, '6:24', '[VIP]'],
  'a number sign in front': [`${HEAD}${RULE}        set: { queues: [VIP, #2] }\n`, '6:30', "'#2'"],
  'a no-break space': [`${HEAD}   \u00a0timeZone: Europe/Berlin\n`, '4:4', 'type it anew'],
  'a no-break space in front of a dash': [`${HEAD}    rules:\n    \u00a0 - name: a\n`, '5:5', 'type it anew'],
  'a path with backslashes': [
    `${HEAD}${RULE}        set: { agentGroup: "Sales\\Inside" }\n`,
    '6:34',
    'single quotes',
  ],
  'a second document': [`${HEAD}---\n${HEAD}`, '4:1', 'leave the line --- out'],
  'a comment of another language': [`${HEAD}    // a comment\n    rules: []\n`, '4:5', 'begins with #'],
  'marks of a merge': [
    `${HEAD}<<<<<<< HEAD\n    timeZone: Europe/Berlin\n=======\n    timeZone: Europe/Paris\n>>>>>>> x\n`,
    '4:1',
    'git',
  ],
  'a list where keys are meant': [
    `${HEAD}${RULE}        set:\n          - agentGroup: B\n`,
    '6:9',
    'leave the dash out',
  ],
  'keys where a list is meant': [`${HEAD}    rules:\n      name: a\n`, '4:5', 'begins with a dash'],
  'a word swapped': [
    `${HEAD}    agent: { firstName: { form: name.givenName } }\n`,
    '4:27',
    'Did you mean "from"?',
  ],
  'one where a list is meant': [`${HEAD}${RULE}        add: { queue: VIP }\n`, '6:16', 'queues: [VIP]'],
  'languages without a channel': [
    `${HEAD}${RULE}        set: { languages: [{ language: de, proficiency: good }] }\n`,
    '6:16',
    'chat: { languages: … } or voice: { languages: … }',
  ],
  'the name of a language': [
    `${HEAD}${RULE}        set: { chat: { languages: [{ language: Polnisch, proficiency: good }] } }\n`,
    '6:38',
    'Did you mean "pl"?',
  ],
  'the code of a country': [
    `${HEAD}${RULE}        set: { voice: { languages: [{ language: jp, proficiency: good }] } }\n`,
    '6:39',
    'Did you mean "ja"?',
  ],
  'the name of a language in a table': [
    `${HEAD}${RULE}        add: { chat: { languages: [{ language: { from: locale, map: { de: Deutsch } }, proficiency: good }] } }\n`,
    '6:71',
    'Did you mean "de"?',
  ],
  'no language at all': [
    `${HEAD}${RULE}        set: { chat: { languages: [{ language: Xyzzyxyzzy, proficiency: good }] } }\n`,
    '6:38',
    'Write one such as en, de or pt-BR',
  ],
  'yes for a role': [`${HEAD}${RULE}        set: { role: yes }\n`, '6:16', 'such as Agent or Supervisor'],
  'true for a role': [`${HEAD}${RULE}        set: { role: true }\n`, '6:16', 'such as Agent or Supervisor'],
  'e164 without a region': [
    `${HEAD}    agent:\n      phoneNumber: { from: phoneNumbers.value, as: e164 }\n`,
    '5:7',
    'region: DE, AT, CH, GB, US',
  ],
  'a country by its nickname': [
    `${HEAD}    agent:\n      phoneNumber: { from: phoneNumbers.value, as: e164, region: UK }\n`,
    '5:58',
    'Did you mean "GB"?',
  ],
};

describe('a mistake', () => {
  it.each(Object.entries(MISTAKES))('is told once, with its place and what is right: %s', (_, mistake) => {
    const [text, place, remedy] = mistake;
    const [first = '', ...others] = told(text);
    expect(others).toEqual([]);
    expect(first.startsWith(`p:${place}: `), first).toBe(true);
    expect(first).toContain(remedy);
  });
});

it('each of several mistakes that end with their value is told', () => {
  const text = `${HEAD}    rules:\n      - name: @home\n      - name: %a\n      - name: b\n        name: c\n`;
  expect(told(text).map((line) => line.split(': ')[0])).toEqual(['p:5:15', 'p:6:15', 'p:8:9']);
});

it.each([
  ['anchors that are used', `${HEAD}    rules: [{ name: &n a, set: { agentGroup: *n } }]\n`],
  [
    'codes with a country or a script',
    `${HEAD}${RULE}        set: { chat: { languages: [{ language: zh_CN, proficiency: good }, { language: sr-Latn-RS, proficiency: good }, { language: pl, proficiency: good }] } }\n`,
  ],
  [
    'e164 with its region',
    `${HEAD}    agent:\n      phoneNumber: { from: phoneNumbers.value, as: e164, region: DE }\n`,
  ],
  ['a no-break space within a value', `${HEAD}    rules:\n      - name: a\u00a0b\n`],
  [
    'JSON',
    '{ "tenants": { "demo": { "smartassist": { "host": "platform.kore.ai", "streamId": "st-1" } } } }',
  ],
])('there is none in %s', (_, text) => {
  expect(told(text)).toEqual([]);
});

it.each([
  ['open quotes', '"a" '],
  ['open braces', '{'],
  ['templates', '{a} {b}, '],
  ['reserved characters', '@a, '],
])('a long line of %s is read in one go', { timeout: 5_000 }, (_, unit) => {
  const text = `${HEAD}    wishes: [${unit.repeat(2_000)}\n`;
  expect(told(text)).not.toEqual([]);
});
