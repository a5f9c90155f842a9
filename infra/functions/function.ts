import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AssetHashType, DockerImage, type Duration, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  Code,
  type IFunction,
  type IVersion,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { compact } from '../../functions/runtime/compact.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { convertsToE164 } from '../../functions/tenant/generation/infrastructure.ts';
import { type BundleOptions, bundle, type ProviderPart } from './bundle.ts';
import { digestOf, withCodeCache } from './code-cache/code-cache.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/**
 * The key of the context that names the function (`functionName`) beside whose bundle source maps are written, for
 * `infra/trace.ts`. A deployment has none: the code is the same to the byte without, so a map can be made when it is needed.
 */
export const SOURCE_MAPS = 'sourceMaps';

/** The key of the context that has functions deployed with V8's code cache: see `code-cache/code-cache.ts`. */
const CODE_CACHE = 'codeCache';

/** The key of the context that has AWS X-Ray trace the functions. */
const TRACING = 'tracing';

export interface ProvisionerFunctionProps {
  readonly description: string;
  /** The module that exports `handler`, counted from the repository. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly configuration: Configuration;
  readonly environment: Readonly<Record<string, string>>;
  /** The parts of providers (`functions/providers/registry.ts`) that the function never loads, and so doesn't carry. */
  readonly withoutProviderParts?: readonly ProviderPart[];
  /** Whether it reads from S3; without it, not. */
  readonly readsS3?: boolean;
  /** Executions at once that it has for itself, and no more; without it, what the account has. */
  readonly reserved?: number | undefined;
  /** Where events go that no caller waits for and that failed again and again. */
  readonly deadLetterQueue?: IQueue;
}

/**
 * A Lambda function as all of this product are: its code with every package it uses, a role and a log group of its own.
 * What the role may do is granted by what the function works with. The configuration is read from the directory; of the
 * one at hand only what infrastructure is made of counts here.
 */
export class ProvisionerFunction extends Construct {
  /** What is called: the alias. Which version of the code that leads to is a release's business. */
  readonly function: IFunction;
  readonly alias: Alias;
  readonly role: Role;
  readonly logGroupName: string;

  constructor(scope: Construct, id: string, props: ProvisionerFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // No managed policy: AWSLambdaBasicExecutionRole may write all log groups of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    this.logGroupName = logGroup.logGroupName;
    logGroup.grantWrite(this.role);
    const isTraced = this.node.tryGetContext(TRACING) === 'on';
    const code = new LambdaFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: codeOf(this, props),
      handler: 'index.handler',
      role: this.role,
      // CPU comes with memory; a request mostly waits for SmartAssist, so more would be paid for waiting.
      memorySize: 512,
      timeout: props.timeout,
      environment: {
        POWERTOOLS_SERVICE_NAME: 'agent-provisioner',
        // Stages of one account have metrics of their own.
        METRICS_NAMESPACE: Stack.of(this).stackName,
        ...props.environment,
      },
      ...compact({ reservedConcurrentExecutions: props.reserved, deadLetterQueue: props.deadLetterQueue }),
      // With it the CDK lets the role write traces.
      ...compact({ tracing: isTraced ? Tracing.ACTIVE : undefined }),
      logGroup,
      loggingFormat: LoggingFormat.JSON,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      systemLogLevelV2: SystemLogLevel.INFO,
      // Kept, so that an alias can be put back by hand as well.
      currentVersionOptions: { removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE },
    });
    const version = code.currentVersion as IVersion;
    this.alias = new Alias(this, 'Live', { aliasName: 'live', version });
    this.function = this.alias as IFunction;
    if (isTraced) {
      Validations.of(this).acknowledge({
        id: 'AwsSolutions-IAM5[Resource::*]',
        reason: "X-Ray's actions for writing traces know no resources: a role that may, may everywhere.",
      });
    } else {
      Validations.of(this).acknowledge({
        id: 'Serverless-LambdaTracing',
        reason:
          "X-Ray's actions know no resources, so the role would need a wildcard, and the tracer is a quarter of a " +
          'bundle. The correlation id in each log line ties a request to its calls, and the platform logs durations. The ' +
          'context tracing=on has Lambda itself write traces.',
      });
    }
  }
}

/** What a function is called (`Scim`, `Drain`, …): its place in the stack. */
export function functionName({ node }: ProvisionerFunction): string {
  const [, ...path] = node.path.split('/');
  return path.join('-');
}

function codeOf(
  scope: ProvisionerFunction,
  { entry, configuration, withoutProviderParts = [], readsS3 = false }: ProvisionerFunctionProps,
): Code {
  const options: BundleOptions = {
    entry,
    withoutProviderParts,
    readsS3,
    phoneNumbers: convertsToE164(configuration),
    sourceMaps: scope.node.tryGetContext(SOURCE_MAPS) === functionName(scope),
  };
  const isCached = scope.node.tryGetContext(CODE_CACHE) === 'on' && !options.sourceMaps;
  return Code.fromAsset(ROOT, {
    // The same code is the same asset: of what comes out, or of what a cache was made of.
    ...(isCached
      ? { assetHashType: AssetHashType.CUSTOM, assetHash: digestOf(bundle(options)) }
      : { assetHashType: AssetHashType.OUTPUT }),
    bundling: {
      // Never run. Assets are told apart by the command.
      image: DockerImage.fromRegistry('none'),
      command: [JSON.stringify(options)],
      local: {
        tryBundle(outputDir) {
          const code = isCached ? withCodeCache(bundle(options)) : bundle(options);
          for (const [name, contents] of code) writeFileSync(join(outputDir, name), contents);
          return true;
        },
      },
    },
  });
}
