import { Annotations, ArnFormat, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { compact } from '../functions/runtime/compact.ts';
import type { Configuration } from '../functions/tenant/configuration.ts';
import { ConfigurationError } from '../functions/tenant/problem.ts';
import { type SecretKind, secretsPrefix } from '../functions/tenant/secrets/secret-name.ts';
import type { CustomerKey } from './key.ts';

/** Which tenants' single secrets are there already and are found by their names. */
export type ImportedSecrets = 'all' | readonly string[];

export interface SecretsProps {
  readonly configuration: Configuration;
  readonly stage: string;
  readonly imported: ImportedSecrets;
  /** The customer's own key, in the place of Secrets Manager's. */
  readonly key?: CustomerKey | undefined;
}

/**
 * The tenants' secrets. Each tenant has two, whose names follow from stage and tenant; operators make them, so a stack has
 * as many tenants as it may, and a tenant that goes and comes again finds its secrets.
 *
 * Single secrets, as 0.1.0 had them, stay with the tenants that name one. They are made without a value: no template ever
 * holds one, and no update of the stack can overwrite the one that an operator has put.
 */
export class Secrets extends Construct {
  /** What the names of this stage's secrets begin with. */
  readonly prefix: string;
  readonly #singleArns: readonly string[];
  readonly #key: CustomerKey | undefined;

  constructor(scope: Construct, id: string, { configuration, stage, imported, key }: SecretsProps) {
    super(scope, id);
    this.prefix = secretsPrefix(stage);
    this.#key = key;
    const named = Object.entries(configuration.tenants).flatMap(([tenant, { smartassist }]) =>
      smartassist.secret === undefined ? [] : [{ tenant, name: smartassist.secret }],
    );
    // Tenants may share a secret.
    const sharers = Map.groupBy(named, ({ name }) => name);
    const owners = new Map([...sharers].map(([name, each]) => [name, each.map(({ tenant }) => tenant)]));
    assertNameable(owners);
    assertConfigured(imported, configuration);
    const isImported = (tenant: string) => imported === 'all' || imported.includes(tenant);
    this.#singleArns = [...owners].map(([name, tenants]) =>
      tenants.some(isImported) ? this.#arnOf(name) : this.#create(name, tenants),
    );
    if (owners.size > 0) this.#warn([...owners.values()].flat());
  }

  /** Lets a function read secrets of these kinds, of all tenants of this stage, and no others. */
  grantRead(role: Role, ...kinds: readonly SecretKind[]): void {
    const resources = kinds.map((kind) => this.#arnOf(`${this.prefix}/*/${kind}`));
    role.addToPolicy(
      new PolicyStatement({
        actions: ['secretsmanager:GetSecretValue'],
        resources: [...resources, ...this.#singleArns],
      }),
    );
    for (const kind of kinds) {
      const arn = 'arn:<AWS::Partition>:secretsmanager:<AWS::Region>:<AWS::AccountId>:secret';
      Validations.of(role).acknowledge({
        id: `AwsSolutions-IAM5[Resource::${arn}:${this.prefix}/*/${kind}-??????]`,
        reason:
          'The wildcard stands for the name of a tenant: each tenant of this stage has a secret of this kind, and the ' +
          'function serves all tenants.',
      });
    }
  }

  #create(name: string, tenants: readonly string[]): string {
    // CfnSecret and not Secret: that one makes up a value where it is given none.
    const secret = new CfnSecret(this, name, {
      name,
      description:
        `Credentials of SmartAssist and digests of SCIM tokens; tenants: ${tenants.join(', ')}`.slice(
          0,
          2048,
        ),
      ...compact({ kmsKeyId: this.#key?.key.keyArn }),
    });
    // Except on create: a first deployment that failed must not leave names behind that block the second.
    secret.applyRemovalPolicy(RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        "SmartAssist has no API that makes a new client secret, and the identity provider's token is set by hand on " +
        'both sides, so a rotation function could rotate neither. A new value that an operator puts works at once.',
    });
    return secret.ref;
  }

  #warn(tenants: readonly string[]): void {
    Annotations.of(this).addWarningV2(
      'agent-provisioner:single-secret',
      `smartassist.secret is for this version only (${tenants.join(', ')}): make the two secrets of each tenant, and take ` +
        'the key out. See docs/runbooks/secret-rotation.md.',
    );
  }

  /** Secrets Manager appends a dash and six random characters to a secret's name. */
  #arnOf(name: string): string {
    return Stack.of(this).formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${name}-??????`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
  }
}

/** What a role's policy has left for the ARNs of secrets, of the 10,240 characters that IAM allows. */
const MOST_CHARACTERS = 7_000;
/** An ARN without the name: partition, region, account, what Secrets Manager appends, and the quotes. */
const ARN_CHARACTERS = 80;

/** @throws ConfigurationError for names that differ in what a construct's id can't tell apart, or are too many */
function assertNameable(owners: ReadonlyMap<string, readonly string[]>): void {
  const ids = new Map<string, string>();
  let characters = 0;
  for (const [name, [owner = '']] of owners) {
    const path = ['tenants', owner, 'smartassist', 'secret'];
    const id = name.replaceAll('/', '--');
    const other = ids.get(id);
    if (other !== undefined) {
      const message = `${name} differs from ${other} in / and -- alone; choose another`;
      throw new ConfigurationError('configuration', [{ path, message }]);
    }
    ids.set(id, name);
    characters += ARN_CHARACTERS + name.length;
    if (characters > MOST_CHARACTERS) {
      const message = `the names of ${owners.size} secrets are too long for one role; leave them out: each tenant then has two secrets of its own`;
      throw new ConfigurationError('configuration', [{ path, message }]);
    }
  }
}

/** @throws ConfigurationError for a tenant that there isn't, or that names no secret */
function assertConfigured(imported: ImportedSecrets, { tenants }: Configuration): void {
  if (imported === 'all') return;
  const wrong = imported.filter((tenant) => tenants[tenant]?.smartassist.secret === undefined);
  if (wrong.length === 0) return;
  const message = `${wrong.join(', ')}: no tenant of the configuration that names a secret`;
  throw new ConfigurationError('context', [{ path: ['secrets'], message }]);
}
