import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import { readLocalOptions } from '../../local/environment.ts';
import { unmeantText } from '../../local/server/tenant-secrets.ts';

describe('running on one machine', () => {
  it('needs no word about anything', () => {
    expect(readLocalOptions({}, [])).toEqual({
      port: 8787,
      simulatorPort: 8788,
      dataDir: '.data',
      configurationFile: 'provisioner.yaml',
      scimToken: 'demo-scim-token',
      client: { clientId: 'cs-demo', clientSecret: 'demo-client-secret' },
      admin: { clientId: 'cs-demo-admin', clientSecret: 'demo-admin-client-secret' },
    });
  });

  it('goes by every word of the environment', () => {
    const environment = {
      PORT: '0',
      SIMULATOR_PORT: '65535',
      DATA_DIR: '/data',
      CONFIGURATION: 'mine.yaml',
      SCIM_TOKEN: 'Abc-._~+/123==',
      SCIM_PROFILE: 'entra',
      CALLS_PER_MINUTE: '600',
      SMARTASSIST_URL: 'http://127.0.0.1:9000',
      SMARTASSIST_CLIENT_ID: 'cs-1',
      SMARTASSIST_CLIENT_SECRET: 'secret',
      SMARTASSIST_ADMIN_CLIENT_ID: 'cs-2',
      SMARTASSIST_ADMIN_CLIENT_SECRET: 'admin secret',
    };
    expect(readLocalOptions(environment, [])).toEqual({
      port: 0,
      simulatorPort: 65_535,
      dataDir: '/data',
      configurationFile: 'mine.yaml',
      scimToken: 'Abc-._~+/123==',
      scimProfile: 'entra',
      callsPerMinute: 600,
      smartassistUrl: 'http://127.0.0.1:9000',
      client: { clientId: 'cs-1', clientSecret: 'secret' },
      admin: { clientId: 'cs-2', clientSecret: 'admin secret' },
    });
  });

  it.each([
    ['a bot app of its own without a word about another', { SMARTASSIST_CLIENT_ID: 'cs-1' }],
    ['empty words', { SMARTASSIST_ADMIN_CLIENT_ID: '', SMARTASSIST_ADMIN_CLIENT_SECRET: '' }],
  ])('has no admin app with %s', (_, environment) => {
    expect(readLocalOptions(environment, []).admin).toBeNull();
  });

  it('keeps nothing with --memory, whatever DATA_DIR says', () => {
    expect(readLocalOptions({ DATA_DIR: '/data' }, ['--memory'])).toMatchObject({ dataDir: undefined });
  });
});

it('tells of secrets that no source takes', () => {
  const said = (names: readonly string[], sources: string) => {
    const secrets = Object.fromEntries(names.map((name) => [name, ['a secret']]));
    const text = readFileSync('provisioner.yaml', 'utf8').replace('scim: { profile: auto }', sources);
    const options = readLocalOptions({ SOURCE_SECRETS: JSON.stringify(secrets) }, []);
    return unmeantText(loadConfiguration(text, 'provisioner.yaml'), options);
  };
  const okta = 'sources: { okta: { preset: okta-event-hook } }';
  expect(said(['okta', 'okta.fetch'], okta)).toBeUndefined();
  expect(said([], '')).toBeUndefined();
  expect(said(['okta', 'oktta.fetch'], okta)).toBe(
    'SOURCE_SECRETS has oktta.fetch, and provisioner.yaml has no such source; there are okta',
  );
  expect(said(['okta'], '')).toMatch(/^SOURCE_SECRETS has okta, .+; there are none$/);
});

describe('a word that makes no sense', () => {
  it.each([
    [{ PORT: 'abc' }, /^PORT is not a port number/],
    [{ PORT: '' }, /^PORT is not a port number/],
    [{ PORT: '-1' }, /^PORT is not a port number/],
    [{ PORT: '87.5' }, /^PORT is not a port number/],
    [{ SIMULATOR_PORT: '65536' }, /^SIMULATOR_PORT is not a port number/],
    [{ CALLS_PER_MINUTE: '0' }, /^CALLS_PER_MINUTE is not a number of calls/],
    [{ CALLS_PER_MINUTE: 'many' }, /^CALLS_PER_MINUTE is not a number of calls/],
    [{ SMARTASSIST_URL: 'platform.kore.ai' }, /^SMARTASSIST_URL is not an address/],
    [{ SMARTASSIST_URL: 'ftp://127.0.0.1' }, /^SMARTASSIST_URL is not an address/],
    [{ SCIM_PROFILE: 'ldap' }, /^SCIM_PROFILE: .*"entra"/],
    [{ DATA_DIR: '' }, /^DATA_DIR: /],
    [{ SMARTASSIST_ADMIN_CLIENT_ID: 'cs-2' }, /^SMARTASSIST_ADMIN_CLIENT_ID .* belong together/],
  ])('is complained about in one line: %j', (environment, line) => {
    expect(() => readLocalOptions(environment, [])).toThrow(line);
  });

  it.each(["it's", 'two words', '', '$HOME', 'tökén'])('is a token that no header can carry: %s', (token) => {
    expect(() => readLocalOptions({ SCIM_TOKEN: token }, [])).toThrow(/^SCIM_TOKEN is not letters/);
  });

  it('does not show the token', () => {
    expect(() => readLocalOptions({ SCIM_TOKEN: "hunter2'" }, [])).toThrow(/^(?!.*hunter2)/);
  });

  it.each([
    [{ PORT: 'abc' }, 'PORT is not a port number, 0 to 65535; 0 takes a free one (it is "abc")'],
    [{ SCIM_PROFILE: 'ldap' }, 'SCIM_PROFILE: "auto", "entra", "okta", "generic" are right (it is "ldap")'],
    [
      { SOURCE_SECRETS: 'hunter2' },
      'SOURCE_SECRETS is not JSON such as {"okta": ["…"], "okta.fetch": ["…"]}',
    ],
  ])('is told with its value, unless that is secret, and what is right: %j', (environment, sentence) => {
    expect(() => readLocalOptions(environment, [])).toThrow(new Error(sentence));
  });

  it('is complained about with all others', () => {
    expect(() => readLocalOptions({ PORT: 'a', SIMULATOR_PORT: 'b' }, [])).toThrow(
      /^PORT .*\nSIMULATOR_PORT /,
    );
  });

  it('is an argument that is not known', () => {
    expect(() => readLocalOptions({}, ['--memroy'])).toThrow(
      'unknown argument --memroy. Did you mean "--memory"? --help shows those that there are',
    );
    expect(() => readLocalOptions({}, ['--catalogue'])).toThrow(/^--catalogue names a file/);
    const url = { SMARTASSIST_URL: 'http://127.0.0.1:9000' };
    expect(() => readLocalOptions(url, ['--catalogue', 'a.json'])).toThrow(/: one of them$/);
  });

  it('is none that names what the simulator is to have', () => {
    for (const argv of [['--catalogue', 'a.json'], ['--catalogue=a.json']]) {
      expect(readLocalOptions({}, argv)).toMatchObject({ catalogue: 'a.json', dataDir: '.data' });
    }
  });
});
