import { ArnFormat, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { CfnSecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { Configuration } from '../functions/tenant/configuration.ts';
import { ConfigurationError } from '../functions/tenant/problem.ts';
import type { CustomerKey } from './key.ts';

export interface SecretsProps {
  readonly configuration: Configuration;
  /** Whether the secrets are there already and are found by their names. */
  readonly imported: boolean;
  /** The customer's own key, in the place of Secrets Manager's. */
  readonly key?: CustomerKey | undefined;
}

/**
 * The tenants' secrets, each by the name that the configuration has for it.
 *
 * They are made without a value: no template ever holds one, and no update of the stack can overwrite the one that an
 * operator has put. Until then a function answers 503 and says which secret is empty.
 */
export class Secrets extends Construct {
  readonly #arns: readonly string[];
  readonly #key: CustomerKey | undefined;

  constructor(scope: Construct, id: string, { configuration, imported, key }: SecretsProps) {
    super(scope, id);
    this.#key = key;
    const tenants = Object.entries(configuration.tenants);
    // Tenants may share a secret.
    const owners = Map.groupBy(tenants, ([, { smartassist }]) => smartassist.secret);
    assertNameable(owners);
    this.#arns = [...owners].map(([name, sharers]) =>
      imported
        ? this.#arnOf(name)
        : this.#create(
            name,
            sharers.map(([tenant]) => tenant),
          ),
    );
  }

  /** Lets a function read the secrets; nothing else, and no other secrets. */
  grantRead({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [...this.#arns] }),
    );
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
      ...(this.#key && { kmsKeyId: this.#key.key.keyArn }),
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
function assertNameable(owners: ReadonlyMap<string, readonly (readonly [string, unknown])[]>): void {
  const ids = new Map<string, string>();
  let characters = 0;
  for (const [name, [owner]] of owners) {
    const path = ['tenants', owner?.[0] ?? '', 'smartassist', 'secret'];
    const id = name.replaceAll('/', '--');
    const other = ids.get(id);
    if (other !== undefined) {
      const message = `${name} differs from ${other} in / and -- alone; choose another`;
      throw new ConfigurationError('configuration', [{ path, message }]);
    }
    ids.set(id, name);
    characters += ARN_CHARACTERS + name.length;
    if (characters > MOST_CHARACTERS) {
      const message = `the names of ${owners.size} secrets are too long for one role; share secrets, or deploy stages`;
      throw new ConfigurationError('configuration', [{ path, message }]);
    }
  }
}
