import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AwsSolutionsChecks, ServerlessChecks } from 'cdk-nag';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { environmentOf } from './environment.ts';
import { nameOf, permissionsOf } from './statements.ts';
import {
  type Assembly,
  resourceOf,
  resourcesOf,
  SEVERAL_TENANTS,
  synthesise,
  synthesiseWithCode,
} from './synthesis.ts';

const PAGES = `
tenants:
  acme:
    smartassist: { host: platform.kore.ai, streamId: st-1 }
    console: { issuer: 'https://acme.okta.com', clientId: 0oa1, roles: { admin: groups=contact-centre-admins } }
`;

let pages: Assembly;
beforeAll(() => {
  pages = synthesiseWithCode(PAGES);
});
afterAll(() => pages?.dispose());

function folderOf(name: string): string {
  const { Properties } = resourceOf(pages.template, 'AWS::Lambda::Function', name);
  return join(pages.directory, `asset.${Properties.Code.S3Key.replace(/\.zip$/, '')}`);
}

function filesOf(name: string): Map<string, string> {
  const folder = folderOf(name);
  return new Map(readdirSync(folder).map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

describe('the function of the console', () => {
  it('is not there, nor is its route, where no tenant says whom its pages are for', () => {
    const { template } = synthesise(SEVERAL_TENANTS);
    expect(JSON.stringify(template)).not.toContain('/{tenant}/console');
    const names = resourcesOf(template, 'AWS::Lambda::Function').map(([id]) => nameOf(id));
    expect(names.filter((name) => /Console/.test(name))).toEqual([]);
  });

  it('has both of its paths, and no other function has them', () => {
    const routes = resourcesOf(pages.template, 'AWS::ApiGatewayV2::Route').map(
      ([, { Properties }]) => Properties.RouteKey,
    );
    expect(routes.filter((key) => String(key).includes('console'))).toEqual([
      'ANY /{tenant}/console',
      'ANY /{tenant}/console/{proxy+}',
    ]);
  });

  it('may use the table, read the secrets of tenants, ring, and write its own log', () => {
    const permissions = permissionsOf(pages, 'ConsoleRole');
    expect(permissions.toSorted()).toEqual([
      'dynamodb:BatchGetItem on DirectoryTable.Arn',
      'dynamodb:ConditionCheckItem on DirectoryTable.Arn',
      'dynamodb:DeleteItem on DirectoryTable.Arn',
      'dynamodb:GetItem on DirectoryTable.Arn',
      'dynamodb:PutItem on DirectoryTable.Arn',
      'dynamodb:Query on DirectoryTable.Arn',
      'dynamodb:UpdateItem on DirectoryTable.Arn',
      'logs:CreateLogStream on ConsoleLog.Arn',
      'logs:PutLogEvents on ConsoleLog.Arn',
      ...['door', 'smartassist'].map(
        (kind) =>
          `secretsmanager:GetSecretValue on arn:AWS::Partition:secretsmanager:AWS::Region:AWS::AccountId:secret:agent-provisioner/default/*/${kind}-??????`,
      ),
      'sqs:SendMessage on DoorbellQueue.Arn',
    ]);
  });

  it('starts with not much more code than SCIM, and loads pages and sign-in on demand', () => {
    const own = filesOf('Console');
    const scim = filesOf('Scim');
    const startOf = (files: Map<string, string>) => Buffer.byteLength(files.get('index.js') ?? '') / 1024;
    expect(startOf(own)).toBeLessThan(440);
    expect(startOf(own)).toBeLessThan(1.3 * startOf(scim));
    expect([...own.keys()]).toEqual(expect.arrayContaining(['pages-now.js', 'session-issuer.js']));
    expect(own.get('index.js')).not.toContain('code_challenge');
    expect([...own.values()].join('')).not.toContain('sourceMappingURL');
  });

  it('loads each file on demand, and what checks a mapping with one that changes it alone', () => {
    const own = filesOf('Console');
    for (const [marker, place] of [
      ['Implicit map keys need', 'the YAML parser'],
      ['lower-case letters, digits and dashes', 'the grammar'],
    ] as const) {
      expect(
        [...own.values()].some((text) => text.includes(marker)),
        place,
      ).toBe(true);
      expect(own.get('index.js'), place).not.toContain(marker);
      expect(own.get('mapping-mapping.js'), place).not.toContain(marker);
    }
    const folder = folderOf('Console');
    const files = [...own.keys()].filter((file) => file.endsWith('.js')).toReversed();
    const load = `for (const file of ${JSON.stringify(files)}) require(${JSON.stringify(folder)} + '/' + file);`;
    const options = { env: environmentOf(folder), encoding: 'utf8' } as const;
    const loaded = execFileSync(process.execPath, ['-e', `${load} console.log('loaded');`], options);
    expect(loaded).toBe('loaded\n');
  });

  it('leaves the security rules nothing to find', () => {
    for (const pack of [new AwsSolutionsChecks(), new ServerlessChecks()]) {
      expect(pack.validateScope(pages.stack).violations).toEqual([]);
    }
  });
});
