import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { DEPLOYED_MARK } from '../../functions/tenant/generation/mark.ts';
import { jsonSchema } from '../../functions/tenant/json-schema.ts';
import { readSettings } from '../../infra/settings.ts';
import { ProvisionerStack } from '../../infra/stack.ts';
import { nameOf } from './statements.ts';
import { resourcesOf, synthesise } from './synthesis.ts';

/** A stack with everything that a configuration can bring about. */
const EVERYTHING = `
tenants:
  acme:
    smartassist: { host: platform.kore.ai, streamId: st-1, accountId: '000000000000000000000001', secret: agents/acme, budgetTable: Budget }
    timeZone: Europe/Berlin
    console: { issuer: 'https://acme.okta.com', clientId: c1, roles: { admin: groups=admins } }
    notify: { topic: 'arn:aws:sns:eu-west-1:111122223333:operators' }
    sources:
      pool: { preset: cognito, userPoolId: eu-west-1_AbCdEf123 }
      auth0: { preset: auth0, eventSource: aws.partner/auth0.com/acme-1/auth0.logs }
      okta: { preset: okta-event-hook, fetch: { domain: acme.okta.com }, sync: {} }
`;

/** Says at which paths a value is read and not gone into; what is turned into JSON as a whole is looked through for text. */
function recording<Value extends object>(value: Value, read: Set<string>, path = ''): Value {
  return new Proxy(value, {
    get: (target, key) => {
      if (key === 'toJSON') return () => value;
      const found: unknown = Reflect.get(target, key);
      if (typeof key !== 'string' || typeof found === 'function') return found;
      // Under a name that the configuration chooses, whichever.
      const isName = /^(\.tenants|\.tenants\.\*\.sources)$/.test(path);
      const at = `${path}.${isName ? '*' : key}`;
      if (typeof found === 'object' && found !== null) {
        if (at === '.tenants.*.sources.*.sync') read.add(at);
        return recording(found, read, at);
      }
      read.add(at);
      return found;
    },
  });
}

interface Node {
  readonly [DEPLOYED_MARK]?: string;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly additionalProperties?: Node | boolean;
}

function* marksIn(node: Node, path = ''): Generator<string> {
  if (node[DEPLOYED_MARK] === 'value') yield path;
  for (const [key, below] of Object.entries(node.properties ?? {})) yield* marksIn(below, `${path}.${key}`);
  if (typeof node.additionalProperties === 'object') yield* marksIn(node.additionalProperties, `${path}.*`);
}

describe('what infrastructure is made of', () => {
  it('is marked in the schema, or looked for: a push can change nothing that a stack has read', () => {
    const read = new Set<string>();
    const outdir = mkdtempSync(join(tmpdir(), 'provisioner-infra-'));
    const app = new App({ outdir, context: { 'aws:cdk:bundling-stacks': [] }, autoSynth: false });
    const configuration: Configuration = loadConfiguration(EVERYTHING, 'provisioner.yaml');
    const settings = readSettings(app.node);
    new ProvisionerStack(app, settings.stackName, {
      ...settings,
      configuration: recording(configuration, read),
    });
    rmSync(outdir, { recursive: true });
    const marked = [...marksIn(jsonSchema() as Node)];
    expect(read).toContain('.tenants.*.sources.*.userPoolId');
    // Whether a source is read, and which objects of S3, a push looks for itself (test/tenant/generation).
    expect([...read].filter((path) => !marked.includes(path))).toEqual(
      ['sync', 'preset', 'fetch'].map((key) => `.tenants.*.sources.*.${key}`),
    );
  });

  it('is made with all that each function needs to start', () => {
    // The names that an entry point can't do without are said where it begins.
    const text = readFileSync('functions/lambda/services.ts', 'utf8');
    const needed = [...text.matchAll(/variable\(environment, '(\w+)'\)/g)].map(([, name]) => name);
    expect(needed.length).toBeGreaterThan(3);
    const functions = resourcesOf(synthesise(EVERYTHING).template, 'AWS::Lambda::Function');
    expect(functions.map(([id]) => nameOf(id))).toHaveLength(7);
    for (const [id, { Properties }] of functions) {
      const given = Object.keys(Properties.Environment.Variables);
      expect([id, needed.filter((name = '') => !given.includes(name))]).toEqual([id, []]);
    }
  });
});
