import { describe, expect, it } from 'vitest';
import { checkConfiguration } from '../../functions/mapping/load.ts';

/** The problems of a source that is written so, one line each. */
function complaints(source: string): string[] {
  const text = `tenants:
  demo:
    smartassist: { host: platform.kore.ai, streamId: st-1, secret: s }
    sources:
      people: ${source}
`;
  return checkConfiguration(text).problems.map(
    ({ path, message, line }) => `${line} ${path.slice(3).join('.')}: ${message}`,
  );
}

describe('a source', () => {
  it.each([
    '{ preset: okta-event-hook }',
    `{ preset: hmac, map: { 'emails[type eq "work"].value': 'mail | login', active: 'state eq "on"' } }`,
    '{ preset: json, read: { items: a.b, person: c }, silence: 3d }',
    '{ preset: security-events, issuer: a, audience: b, jwksUri: https://a.example/jwks }',
    '{ preset: rippling, fetch: { url: "https://a.example/{id}" }, map: { userName: mail } }',
    '{ preset: cognito, userPoolId: us-gov-west-1_AbCdEf123 }',
    '{ preset: okta-event-hook, eventSource: aws.partner/okta.com/acme/stream }',
    '{ preset: file, fetch: { file: /hr/people.csv, content: full } }',
    `{ preset: file, fetch: { file: "s3://acme-hr/out/all people", format: jsonl, content: incremental, id: '"No."' } }`,
  ])('is taken: %s', (source) => {
    expect(complaints(source)).toEqual([]);
  });

  it.each([
    ['{ preset: okto-event-hook }', /^5 people\.preset: .*Did you mean "okta-event-hook"/],
    ['{ preset: json, map: { usrName: a } }', /^5 people\.map\.usrName: .*userName/],
    ['{ preset: json, map: { userName: "a[" } }', /^5 people\.map\.userName: "a\[" is not a path/],
    ['{ preset: json, read: { items: "a..b" } }', /^5 people\.read\.items: /],
    [
      '{ preset: security-events, issuer: a, audience: b }',
      '5 people: the preset security-events needs jwksUri',
    ],
    [
      '{ preset: json, fetch: { list: "https://a.example/report", content: all }, map: { userName: a } }',
      '5 people.fetch.content: one of full, incremental',
    ],
    [
      '{ preset: json, fetch: { list: "https://a.example/report" } }',
      '5 people.fetch.list: needs a map over each of its entries beside it',
    ],
    [
      '{ preset: file, fetch: { file: people.csv } }',
      /^5 people\.fetch\.content: full, if the file has everybody/,
    ],
    [
      '{ preset: file, fetch: { file: people.csv, content: some } }',
      '5 people.fetch.content: one of full, incremental',
    ],
    ['{ preset: file, fetch: { content: full } }', '5 people.fetch.file: a path, or s3://bucket/key'],
    [
      '{ preset: file, fetch: { file: people.xlsx, content: full } }',
      '5 people.fetch.format: csv or jsonl: the name of the file does not tell',
    ],
    [
      '{ preset: file, fetch: { file: "s3://acme/*.csv", content: full } }',
      '5 people.fetch.file: a path, or s3://bucket/key',
    ],
    [
      '{ preset: file, fetch: { file: people.csv, content: full, dates: DD.MM.YY } }',
      /^5 people\.fetch\.dates: one of YYYY-MM-DD, DD\.MM\.YYYY/,
    ],
    [
      '{ preset: file, fetch: { file: people.csv, content: full, columns: a } }',
      /^5 people\.fetch\.columns: is none of file, content/,
    ],
    [
      '{ preset: file, fetch: { file: people.csv, content: full, lastDay: Exit } }',
      /^5 people: file brings first and last days/,
    ],
    ['{ preset: cognito }', '5 people: the preset cognito needs userPoolId'],
    ['{ preset: cognito, userPoolId: mine }', /^5 people\.userPoolId: .*eu-west-1_/],
    ['{ preset: auth0, eventSource: auth0.com/x }', /^5 people\.eventSource: .*aws\.partner\//],
    [
      '{ preset: clerk, eventSource: aws.partner/clerk.com/x }',
      '5 people.eventSource: clerk is no partner of EventBridge here',
    ],
    ['{ preset: rippling, fetch: { url: "https://a.example/{id}" } }', /^5 people\.fetch\.url: needs a map/],
    [
      '{ preset: hmac, hmac: { signature: { header: X }, content: "{bodi}" } }',
      /^5 people\.hmac\.content: \{body\} once/,
    ],
    [
      '{ preset: hmac, hmac: { signature: { header: X }, timestamp: {} } }',
      /^5 people\.hmac\.timestamp: either header or kvKey/,
    ],
    [
      '{ preset: keycloak, scope: { application: Wiki } }',
      '5 people.scope.application: keycloak knows no applications; okta-event-hook does',
    ],
    ['{ preset: hmac, onLock: suspend }', '5 people.onLock: hmac says nothing of locked accounts'],
    ['{ preset: bamboohr, secret: abc }', /^5 people\.secret: is not a known key/],
    ['{ preset: json, events: { hired: join } }', /^5 people\.events\.hired: /],
  ])('is named with its line and what is wrong: %s', (source, complaint) => {
    const expected = typeof complaint === 'string' ? complaint : expect.stringMatching(complaint);
    expect(complaints(source)).toEqual([expected]);
  });
});
