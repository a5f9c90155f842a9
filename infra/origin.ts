import { Validations } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { compact } from '../functions/runtime/compact.ts';
import { ORIGIN_HEADER } from '../functions/runtime/origin.ts';
import type { CustomerKey } from './key.ts';

/** Whether a firewall stands in front, and whether the API's own name, the origin, answers beside it. */
export type Firewall = 'off' | 'on' | 'open';

export interface OriginProps {
  /** The name that CloudFront answers under. */
  readonly domain: string;
  /** Whether the API's own name still answers, as while senders change over to the domain. */
  readonly isOpen: boolean;
  /** The customer's own key, in the place of Secrets Manager's. */
  readonly key?: CustomerKey | undefined;
}

/**
 * What CloudFront shows to the functions, so that they know what came by it. CloudFormation makes the value up and puts it
 * into both; the template has its name alone.
 *
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/add-origin-custom-headers.html
 */
export class Origin extends Construct {
  /** Headers that CloudFront adds to what it forwards, in the place of those that a viewer sends. */
  readonly headers: Readonly<Record<string, string>>;
  /** What the functions check them by. */
  readonly environment: Readonly<Record<string, string>>;

  constructor(scope: Construct, id: string, { domain, isOpen, key }: OriginProps) {
    super(scope, id);
    const secret = new Secret(this, 'Key', {
      description: 'What CloudFront shows to the functions of Agent Provisioner',
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      ...compact({ encryptionKey: key?.key }),
    });
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions-SMG4',
      reason:
        'It proves no caller: it only keeps requests from coming past the firewall. A deployment that names it anew ' +
        'replaces it on both sides.',
    });
    const value = secret.secretValue.unsafeUnwrap();
    this.headers = { [ORIGIN_HEADER]: value };
    this.environment = { PUBLIC_HOST: domain, ORIGIN_KEY: value, ORIGIN_DOOR: isOpen ? 'open' : 'closed' };
  }
}
