import { describe, expect, it } from 'vitest';
import { configurationSchema } from '../../functions/tenant/configuration.ts';

const smartassist = { host: 'platform.kore.ai', streamId: 'st-1', secret: 'agent-provisioner/demo' };

/** A tenant as it is after reading, from what is written about it. */
function read(written: object = {}) {
  const { tenants } = configurationSchema.parse({ tenants: { demo: { smartassist, ...written } } });
  if (tenants.demo === undefined) throw new Error('the tenant is gone');
  return tenants.demo;
}
const readSettings = (changes: object) => read({ smartassist: { ...smartassist, ...changes } }).smartassist;

describe('what is not written down', () => {
  it('has a default, each of them', () => {
    expect(read()).toEqual({
      smartassist: {
        host: 'https://platform.kore.ai',
        streamId: 'st-1',
        secret: 'agent-provisioner/demo',
        profile: 'smartassist',
        callsPerMinute: 50,
        tokenClaims: { iat: true, exp: true, jti: true },
      },
      scim: { profile: 'auto', discovery: 'token', jwt: [] },
      sources: {},
      lifecycle: {
        drift: 'report',
        agentGroups: 'managed',
        onDeactivate: 'suspend',
        onDelete: 'suspend',
        brake: {
          percent: 10,
          atLeast: 5,
          within: 3_600,
          long: { percent: 25, atLeast: 10, within: 604_800 },
          changes: { percent: 30, atLeast: 20, within: 3_600 },
        },
        undoWithin: 600,
        retentionDays: 30,
      },
      provisionWhen: 'not (active eq false)',
      agent: {
        emailId: {
          from: 'emails[primary eq true].value | emails[type eq "work"].value | emails.value | userName',
        },
        firstName: { from: 'name.givenName' },
        lastName: { from: 'name.familyName' },
        phoneNumber: {
          from: 'phoneNumbers[primary eq true].value | phoneNumbers[type eq "work"].value | phoneNumbers.value',
          as: 'digits',
        },
      },
      rules: [],
      wishes: [],
      entitlements: { proficiency: 'none' },
    });
  });

  it('keeps its default beside what is', () => {
    const tenant = read({
      lifecycle: { onDelete: 'remove', brake: { percent: 50 } },
      agent: { firstName: 'displayName' },
    });
    expect(tenant.lifecycle).toEqual({
      drift: 'report',
      agentGroups: 'managed',
      onDeactivate: 'suspend',
      onDelete: 'remove',
      brake: {
        percent: 50,
        atLeast: 5,
        within: 3_600,
        long: { percent: 25, atLeast: 10, within: 604_800 },
        changes: { percent: 30, atLeast: 20, within: 3_600 },
      },
      undoWithin: 600,
      retentionDays: 30,
    });
    expect(tenant.agent).toMatchObject({
      firstName: { from: 'displayName' },
      lastName: { from: 'name.familyName' },
    });
    expect(readSettings({ tokenClaims: { jti: false } }).tokenClaims).toEqual({
      iat: true,
      exp: true,
      jti: false,
    });
  });
});

describe('the host', () => {
  it.each([
    ['platform.kore.ai', 'https://platform.kore.ai'],
    ['https://platform.kore.ai', 'https://platform.kore.ai'],
    ['https://platform.kore.ai/', 'https://platform.kore.ai'],
    [' eu-platform.kore.ai:8443 ', 'https://eu-platform.kore.ai:8443'],
    ['http://127.0.0.1:8788', 'http://127.0.0.1:8788'],
    ['http://localhost:8788/', 'http://localhost:8788'],
  ])('is written %s and read %s', (written, host) => {
    expect(readSettings({ host: written }).host).toBe(host);
  });
});

it.each([
  ['30s', 30],
  ['15m', 900],
  ['1h', 3600],
  ['7d', 604_800],
])('a duration of %s is %d seconds', (written, seconds) => {
  expect(read({ lifecycle: { brake: { within: written } } }).lifecycle.brake.within).toBe(seconds);
});

it('queues and layouts may be written as a name alone', () => {
  const [rule] = read({
    rules: [
      {
        name: 'short',
        set: { queues: ['Billing', { queue: 'VIP', preferred: true }], desktopLayouts: ['ly-1'] },
      },
    ],
  }).rules;
  expect(rule?.set).toEqual({
    queues: [{ queue: 'Billing' }, { queue: 'VIP', preferred: true }],
    desktopLayouts: [{ id: 'ly-1' }],
  });
});

const TOPIC = 'arn:aws:sns:eu-central-1:123456789012:operators';
it.each([
  [{ webhook: 'operators' }, undefined],
  [{ topic: TOPIC }, undefined],
  [{ topic: TOPIC.replace('aws', 'aws-cn'), webhook: 'operators' }, undefined],
  [{}, 'a webhook or a topic, or both'],
  [{ topic: `${TOPIC}.fifo` }, 'the ARN of a standard topic'],
  [{ topic: 'operators' }, 'the ARN of a standard topic'],
  [{ topic: 'arn:aws:sqs:eu-central-1:123456789012:operators' }, 'the ARN of a standard topic'],
])('notify: %j', (notify, message) => {
  if (message === undefined) expect(read({ notify }).notify).toEqual(notify);
  else expect(() => read({ notify })).toThrow(message);
});
