import { ArnFormat, CfnOutput, Duration, Stack, Validations } from 'aws-cdk-lib';
import { EventBus, type EventPattern, Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ADMINISTRATION } from '../../functions/signup/administration.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import type { Directory } from '../directory.ts';
import type { Doorbell } from '../doorbell.ts';
import type { Secrets } from '../secrets.ts';
import { ProvisionerFunction } from './function.ts';

export interface SignupProps {
  readonly configuration: Configuration;
  readonly directory: Directory;
  /** For their names alone. */
  readonly secrets: Secrets;
  readonly doorbell: Doorbell;
  readonly reserved?: number | undefined;
}

/**
 * What user pools and partners of EventBridge bring: their function, the right of these pools to call it, a rule on each
 * partner's bus. It reads no secret: what proves an event is AWS.
 */
export class Signup extends Construct {
  readonly front: ProvisionerFunction;
  /** Events that could not be stored. */
  readonly failed: Queue;

  constructor(scope: Construct, id: string, props: SignupProps) {
    super(scope, id);
    const { configuration, directory, secrets, doorbell, reserved } = props;
    const { userPoolIds, eventSources } = originsOf(configuration);
    // EventBridge gives up after a day, Lambda after two repetitions: then an event waits here for a person.
    this.failed = new Queue(this, 'Failed', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    Validations.of(this.failed).acknowledge({
      id: 'Serverless-SQSRedrivePolicy',
      reason: 'This is the dead-letter queue: its messages wait for a person and go nowhere by themselves.',
    });
    this.front = new ProvisionerFunction(this, 'Front', {
      description: 'Sign-ups of Cognito, people of Auth0 and Okta over EventBridge',
      entry: 'functions/lambda/signup.ts',
      withoutProviderParts: ['webhook', 'api', 'list', 'subscription'],
      // Cognito itself gives up after five seconds.
      timeout: Duration.seconds(10),
      configuration,
      reserved,
      environment: {
        TABLE_NAME: directory.tableName,
        QUEUE_URL: doorbell.queue.queueUrl,
        SECRETS_PREFIX: secrets.prefix,
      },
      deadLetterQueue: this.failed,
    });
    directory.grantReadWrite(this.front.role);
    doorbell.grantRing(this.front.role);
    for (const userPoolId of userPoolIds) this.#allowTrigger(userPoolId);
    if (userPoolIds.length > 0) this.#listenToAdministrators(userPoolIds);
    for (const eventSource of eventSources) this.#listenTo(eventSource);
    new CfnOutput(this, 'Arn', {
      description: "The function to add to the user pools as the trigger 'Post confirmation'",
      value: this.front.function.functionArn,
    }).overrideLogicalId('SignupFunctionArn');
  }

  /** Whether any tenant has sign-ups at all. */
  static isWanted(configuration: Configuration): boolean {
    const { userPoolIds, eventSources } = originsOf(configuration);
    return userPoolIds.length + eventSources.length > 0;
  }

  /** This pool of this account, and no other. */
  #allowTrigger(userPoolId: string): void {
    const stack = Stack.of(this);
    new CfnPermission(this, `Pool-${userPoolId}`, {
      action: 'lambda:InvokeFunction',
      functionName: this.front.function.functionArn,
      principal: new ServicePrincipal('cognito-idp.amazonaws.com').service,
      sourceAccount: stack.account,
      sourceArn: stack.formatArn({
        service: 'cognito-idp',
        // A pool's id begins with its region.
        region: userPoolId.split('_')[0] ?? stack.region,
        resource: 'userpool',
        resourceName: userPoolId,
        arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
      }),
    });
  }

  /** What no trigger tells: CloudTrail puts it on the account's own bus. */
  #listenToAdministrators(userPoolIds: readonly string[]): void {
    this.#rule('Administration', 'Users whom administrators disable, enable and delete', {
      source: ['aws.cognito-idp'],
      detailType: ['AWS API Call via CloudTrail'],
      detail: {
        eventSource: ['cognito-idp.amazonaws.com'],
        eventName: Object.keys(ADMINISTRATION),
        requestParameters: { userPoolId: userPoolIds },
      },
    });
  }

  /** The bus of a partner event source has the name of the source. */
  #listenTo(eventSource: string): void {
    const description = `What ${eventSource} brings`.slice(0, 512);
    this.#rule(`Partner-${eventSource}`, description, { source: [eventSource] }, eventSource);
  }

  #rule(id: string, description: string, eventPattern: EventPattern, busName?: string): void {
    const target = new LambdaFunction(this.front.function, { deadLetterQueue: this.failed });
    const bus =
      busName === undefined
        ? {}
        : { eventBus: EventBus.fromEventBusName(this, `Bus-${busName.replaceAll('/', '-')}`, busName) };
    new Rule(this, id.replaceAll('/', '-'), { description, eventPattern, targets: [target], ...bus });
  }
}

/** User pools and partner event sources of all tenants, each once. */
function originsOf({ tenants }: Configuration) {
  const sources = Object.values(tenants).flatMap((tenant) => Object.values(tenant.sources));
  const once = (values: readonly (string | undefined)[]) => [
    ...new Set(values.filter((value) => value !== undefined)),
  ];
  return {
    userPoolIds: once(sources.map(({ userPoolId }) => userPoolId)),
    eventSources: once(sources.map(({ eventSource }) => eventSource)),
  };
}
