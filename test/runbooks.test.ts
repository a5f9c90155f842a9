import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as dynamodb from '@aws-sdk/client-dynamodb';
import * as secretsmanager from '@aws-sdk/client-secrets-manager';
import * as sqs from '@aws-sdk/client-sqs';
import { App } from 'aws-cdk-lib';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../infra/settings.ts';
import { PATIENCE_MS, run } from './cli/program.ts';

const PAGES = globSync('docs/runbooks/*.md')
  .map((file) => file.replaceAll('\\', '/'))
  .toSorted();

/** The lines of all shell blocks and of code within sentences that begin so. */
const commandsIn = (file: string, program: string): string[] => {
  const text = readFileSync(file, 'utf8');
  const blocks = [...text.matchAll(/^ *```sh\n([\s\S]*?)^ *```/gm)].flatMap(([, block = '']) =>
    block.split('\n'),
  );
  const inline = [...text.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
  return [...blocks, ...inline].flatMap((line) => {
    const at = line.indexOf(program);
    return at === -1 ? [] : [line.slice(at + program.length).trim()];
  });
};

const helps = new Map<string, Promise<string>>();
/** What the program says of itself, or of one of its commands. */
function helpOf(command: readonly string[]): Promise<string> {
  const key = command.join(' ');
  const known = helps.get(key) ?? run([...command, '--help']).then(({ stdout }) => stdout);
  helps.set(key, known);
  return known;
}

/** Why a command as it is written can't be one; undefined where it can. */
async function faultOf(command: string): Promise<string | undefined> {
  const words = command
    .replaceAll(/<[^>]*>/g, 'X')
    .replaceAll('"', '')
    .split(/\s+/);
  const global = await helpOf([]);
  let at = 0;
  for (; words[at]?.startsWith('-'); at += 2) {
    if (!global.includes(`${words[at]} <`)) return `${words[at]} is no option`;
  }
  const [name = '', ...rest] = words.slice(at);
  if (!new RegExp(`^  ${name}\\b`, 'm').test(global)) return `${name} is no command`;
  const whole = await helpOf([name]);
  const isBelow = new RegExp(`^Commands:[\\s\\S]*^  ${rest[0] ?? '-'}\\b`, 'm').test(whole);
  const [first] = isBelow ? rest.slice(1) : rest;
  const help = isBelow ? await helpOf([name, rest[0] ?? '']) : whole;
  const options = rest.filter((word) => word.startsWith('--'));
  const wrong = options.find((option) => !new RegExp(`^ +${option}\\b`, 'm').test(help));
  if (wrong !== undefined) return `${name} has no ${wrong}`;
  const choices = /choices: ([^)]*?),\s+default/s.exec(help)?.[1];
  return choices === undefined ||
    first === undefined ||
    first.startsWith('-') ||
    choices.includes(`"${first}"`)
    ? undefined
    : `${name} can't ${first}`;
}

describe('runbooks', { timeout: PATIENCE_MS }, () => {
  it.each(PAGES)(
    '%s names commands of agent-provisioner that there are, with options that they have',
    async (file) => {
      for (const command of commandsIn(file, 'npx --no -- agent-provisioner ')) {
        expect([command, await faultOf(command)]).toEqual([command, undefined]);
      }
    },
  );

  it('would be found out with a command, an option or a decision that there is not', async () => {
    expect(await faultOf('--table "$TABLE" --tenant <tenant> brake release')).toBeUndefined();
    expect(await faultOf('--table "$TABLE" brakes')).toContain('no command');
    expect(await faultOf('--tables "$TABLE" brake')).toContain('no option');
    expect(await faultOf('brake undo')).toContain("can't undo");
    expect(await faultOf('check --alive')).toContain('no --alive');
  });

  it.each(PAGES)('%s names requests of AWS that the SDK knows too', (file) => {
    const clients: Record<string, object> = { dynamodb, secretsmanager, sqs };
    const unknown = commandsIn(file, 'aws ').filter((command) => {
      const [service = '', operation = ''] = command.split(' ');
      const client = clients[service];
      const pascal = operation.replaceAll(/(?:^|-)(\w)/g, (_, first: string) => first.toUpperCase());
      return client !== undefined && operation !== 'wait' && !(`${pascal}Command` in client);
    });
    expect(unknown).toEqual([]);
  });

  it.each(PAGES)('%s writes no item of the table by hand', (file) => {
    const written = commandsIn(file, 'aws ').filter((command) =>
      /^dynamodb (?:(?:put|update|delete|batch-write)-item|transact-write-items|(?:batch-)?execute-)/.test(
        command,
      ),
    );
    expect(written).toEqual([]);
  });

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
  it.each(PAGES)(
    '%s asks for no resources of a stack by a request that answers the first hundred alone',
    (file) => {
      expect(readFileSync(file, 'utf8')).not.toContain('describe-stack-resources');
    },
  );

  it('deploy with context that is read', () => {
    const given = PAGES.flatMap((file) => commandsIn(file, 'npm run deploy -- ')).flatMap((options) =>
      [...options.matchAll(/--context ([^ =]+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]),
    );
    expect(given.length).toBeGreaterThan(1);
    const outdir = mkdtempSync(join(tmpdir(), 'provisioner-runbooks-'));
    const settingsOf = (context: Record<string, string>) =>
      readSettings(new App({ outdir, context, analyticsReporting: false }).node);
    for (const [key = '', value = ''] of given) {
      expect(settingsOf({ [key]: value })).not.toEqual(settingsOf({}));
    }
    rmSync(outdir, { recursive: true });
  });

  it('are all in the list of them', () => {
    const list = readFileSync('docs/runbooks/README.md', 'utf8');
    const pages = PAGES.map((file) => file.replace('docs/runbooks/', ''));
    expect(pages.filter((page) => page !== 'README.md' && !list.includes(`](${page})`))).toEqual([]);
  });
});
