import { text as readAll } from 'node:stream/consumers';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { recordAction } from '../../../functions/operate/audit.ts';
import {
  outlineSecret,
  type SecretOutline,
  withTokens,
} from '../../../functions/operate/tenant/secret-value.ts';
import { AWS_CLIENT } from '../../../functions/runtime/aws-client.ts';
import { isObject } from '../../../functions/scim-core/resource/resource.ts';
import {
  SECRET_KINDS,
  type SecretKind,
  secretName,
  secretsPrefix,
} from '../../../functions/tenant/secrets/secret-name.ts';
import {
  assertRegion,
  type CommandContext,
  chooseTenant,
  readConfiguration,
  readText,
  withTenant,
} from '../../command-context.ts';
import { CommandFailure, EXIT_FINDINGS } from '../../failure.ts';
import { type ActorOptions, actorOf } from '../../operator/actor.ts';
import type { Output } from '../../output.ts';

export interface SecretOptions extends ActorOptions {
  /** Where the value is; `-` is standard input. */
  readonly file?: string;
  readonly addToken?: readonly string[];
  readonly retireToken?: readonly string[];
}

/**
 * `secret check [kind]`: whether the value that is put, or that of a file, has the form that functions need. Ends with 1
 * where it hasn't.
 */
export async function checkSecret(
  context: CommandContext,
  kind: SecretKind | undefined,
  { file }: SecretOptions,
  output: Output,
): Promise<number | undefined> {
  const { name: tenant } = chooseTenant(context, readConfiguration(context));
  if (file !== undefined) {
    if (kind === undefined)
      throw new CommandFailure('of which secret is it? secret check door | smartassist --file …');
    const outline = outlineSecret(kind, valueIn(await textIn(file), file));
    return said([{ name: file, outline }], output);
  }
  const kinds = kind === undefined ? SECRET_KINDS : [kind];
  const found = await withSecrets(async (client) =>
    Promise.all(
      kinds.map(async (each) => {
        const name = secretName(secretsPrefix(context.stage), tenant, each);
        return { name, outline: outlineSecret(each, await stored(client, name)) };
      }),
    ),
  );
  return said(found, output);
}

/** `secret set <kind>`: puts a value that has the right form, or changes the digests of tokens in it. */
export async function setSecret(
  context: CommandContext,
  kind: SecretKind,
  options: SecretOptions,
  output: Output,
): Promise<number | undefined> {
  const { file, addToken = [], retireToken = [] } = options;
  const isTokens = addToken.length + retireToken.length > 0;
  if ((file === undefined) === !isTokens) {
    throw new CommandFailure(
      'what? --file <file> (- is standard input), or of door --add-token and --retire-token',
    );
  }
  if (isTokens && kind !== 'door') throw new CommandFailure('digests of tokens are in the secret door');
  if (context.table === undefined) {
    throw new CommandFailure(
      '--table <name> is needed, so that it is kept who did it; npm start takes its secrets from the environment',
    );
  }
  const tenant = chooseTenant(context, readConfiguration(context));
  const name = secretName(secretsPrefix(context.stage), tenant.name, kind);
  const actor = await actorOf(context, options);
  return withTenant(context, tenant, async ({ services }) =>
    withSecrets(async (client) => {
      const value = isTokens
        ? withTokens(await doorOf(client, name), { add: addToken, retire: retireToken })
        : valueIn(await textIn(file ?? '-'), file ?? '-');
      const outline = outlineSecret(kind, value);
      if (outline.wrong.length > 0) {
        said([{ name, outline }], output);
        output.line('Nothing was put.');
        return EXIT_FINDINGS;
      }
      await put(client, name, JSON.stringify(value));
      await recordAction(services, tenant.name, actor, 'secret set', {
        secret: kind,
        added: addToken.length,
        retired: retireToken.length,
      });
      said([{ name, outline }], output);
      output.line('Put. Functions read it within five minutes, and at once when what they know is refused.');
      return undefined;
    }),
  );
}

function said(
  found: readonly { readonly name: string; readonly outline: SecretOutline }[],
  output: Output,
): number | undefined {
  output.data({ secrets: found.map(({ name, outline }) => ({ name, ...outline })) });
  for (const { name, outline } of found) {
    const { holds, wrong, unread } = outline;
    const mark = wrong.length > 0 ? output.paint('red', '✗') : output.paint('green', '✓');
    output.line(mark, ` ${name}: ${wrong.length > 0 ? `wrong: ${wrong.join(', ')}` : holds.join('; ')}`);
    if (unread.length > 0)
      output.line(output.paint('yellow', '!'), ` ${name}: nothing reads ${unread.join(', ')}`);
  }
  return found.some(({ outline }) => outline.wrong.length > 0) ? EXIT_FINDINGS : undefined;
}

function textIn(file: string): Promise<string> | string {
  return file === '-' ? readAll(process.stdin) : readText(file);
}

/** @throws CommandFailure that has nothing of the text in it, where an error of JSON quotes it */
function valueIn(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new CommandFailure(`${name === '-' ? 'standard input' : name} is not JSON; nothing of it is shown`);
  }
}

async function withSecrets<Result>(work: (client: SecretsManagerClient) => Promise<Result>): Promise<Result> {
  const { SecretsManagerClient: Client } = await import('@aws-sdk/client-secrets-manager');
  const client = new Client(AWS_CLIENT);
  try {
    await assertRegion(
      client,
      'AWS, which has the secrets of deployments',
      '. npm start takes its secrets from the environment',
    );
    return await work(client);
  } finally {
    client.destroy();
  }
}

/** @throws CommandFailure for a secret that isn't there */
async function stored(client: SecretsManagerClient, name: string): Promise<unknown> {
  const { GetSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  const found = await client.send(new GetSecretValueCommand({ SecretId: name })).catch((error: Error) => {
    if (error.name !== 'ResourceNotFoundException') throw error;
    throw new CommandFailure(`the secret ${name} is not there, or has no value yet: secret set puts one`);
  });
  return valueIn(found.SecretString ?? '', name);
}

async function doorOf(
  client: SecretsManagerClient,
  name: string,
): Promise<Readonly<Record<string, unknown>>> {
  const value = await stored(client, name);
  if (isObject(value)) return value;
  throw new CommandFailure(`the secret ${name} is no JSON object; secret check door says what it has to be`);
}

/** Puts a version of a secret; one that isn't there is made. */
async function put(client: SecretsManagerClient, name: string, value: string): Promise<void> {
  const { CreateSecretCommand, PutSecretValueCommand } = await import('@aws-sdk/client-secrets-manager');
  await client
    .send(new PutSecretValueCommand({ SecretId: name, SecretString: value }))
    .catch(async (error: Error) => {
      if (error.name !== 'ResourceNotFoundException') throw error;
      await client.send(new CreateSecretCommand({ Name: name, SecretString: value }));
    });
}
