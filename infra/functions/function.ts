import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Duration, RemovalPolicy, Stack, Stage, Validations } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  type IFunction,
  type IVersion,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import {
  type BundlingOptions,
  LogLevel,
  NodejsFunction,
  OutputFormat,
  SourceMapMode,
} from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Configuration } from '../../functions/tenant/configuration.ts';

const ROOT = resolve(import.meta.dirname, '../..');

/** As `functions/lambda/services.ts` looks for it. Not imported from there, so that a synth doesn't load the AWS SDK. */
const CONFIGURATION_FILE = 'configuration.json';

/**
 * The key of the context that has a source map written beside each bundle, for `infra/trace.ts`. A deployment has none: the
 * code is the same to the byte without it, so a map can be made when it is needed.
 */
export const SOURCE_MAPS = 'sourceMaps';

/** A file of a provider's folder: a row of the registry loads it when it is needed. */
export type ProviderPart = 'webhook' | 'api' | 'subscription' | 'partner';

export interface ProvisionerFunctionProps {
  readonly description: string;
  /** The module that exports `handler`, counted from the repository. */
  readonly entry: string;
  readonly timeout: Duration;
  readonly configuration: Configuration;
  readonly environment: Readonly<Record<string, string>>;
  /** The parts of providers (`functions/providers/registry.ts`) that the function never loads, and so doesn't carry. */
  readonly withoutProviderParts?: readonly ProviderPart[];
  /** Where events go that nobody waits for and that failed again and again. */
  readonly deadLetterQueue?: IQueue;
}

/**
 * A Lambda function as all of this product are: its code and every package it uses in one file, the configuration
 * beside it, a role and a log group of its own. What the role may do is granted by what the function works with.
 */
export class ProvisionerFunction extends Construct {
  /** What is called: the alias. Which version of the code that leads to is a release's business. */
  readonly function: IFunction;
  readonly alias: Alias;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: ProvisionerFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, 'Log', {
      retention: RetentionDays.THREE_MONTHS,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
    // No managed policy: AWSLambdaBasicExecutionRole may write all log groups of the account.
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    logGroup.grantWrite(this.role);
    const code = new NodejsFunction(this, 'Function', {
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      entry: join(ROOT, props.entry),
      projectRoot: ROOT,
      depsLockFilePath: join(ROOT, 'package-lock.json'),
      bundling: bundlingOf(this, props),
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
      // A variable that version 2 of the SDK read.
      awsSdkConnectionReuse: false,
      ...(props.deadLetterQueue === undefined ? {} : { deadLetterQueue: props.deadLetterQueue }),
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
    Validations.of(this).acknowledge({
      id: 'Serverless-LambdaTracing',
      reason:
        "X-Ray's actions know no resources, so the role would need a wildcard, and the tracer is a quarter of a " +
        'bundle. The correlation id in each log line ties a request to its calls, and the platform logs durations.',
    });
  }
}

/** Writes the configuration into the cloud assembly; the name follows the content, as the cache of assets expects. */
function writeConfiguration(scope: Construct, configuration: Configuration): string {
  const json = JSON.stringify(configuration);
  const digest = createHash('sha256').update(json).digest('hex').slice(0, 16);
  const path = resolve(Stage.of(scope)?.outdir ?? '', `configuration.${digest}.json`);
  writeFileSync(path, json);
  return path;
}

/** Modules that are written here in the place of a package's: what they leave out is most of that package. */
const BUNDLE_STUBS = './infra/bundle-stubs';

/** Whether a rule converts phone numbers to E.164, and so needs the library that knows the world's numbering. */
function knowsPhoneNumbers(configuration: Configuration): boolean {
  return JSON.stringify(configuration).includes('"e164"');
}

function bundlingOf(
  scope: Construct,
  { configuration, withoutProviderParts = [] }: ProvisionerFunctionProps,
): BundlingOptions {
  const configurationPath = writeConfiguration(scope, configuration);
  return {
    // CommonJS: as an ES module the same code starts 25 ms later, because an import of node:http loads all of fetch.
    format: OutputFormat.CJS,
    // Sources of packages as ES modules: what isn't used is left out.
    mainFields: ['module', 'main'],
    // Everything is in the bundle but this: the SDK imports it for streams of events, which no call here has.
    externalModules: ['@smithy/core/event-streams', ...withoutProviderParts.map((part) => `./*/${part}.ts`)],
    esbuildArgs: {
      '--alias:@aws-sdk/credential-provider-node': `${BUNDLE_STUBS}/credentials.ts`,
      '--alias:@aws-sdk/endpoint-cache': `${BUNDLE_STUBS}/endpoint-cache.ts`,
      ...(knowsPhoneNumbers(configuration)
        ? {}
        : {
            '--alias:libphonenumber-js/core': `${BUNDLE_STUBS}/phone-numbers.ts`,
            '--alias:libphonenumber-js/min/metadata': `${BUNDLE_STUBS}/phone-numbers.ts`,
          }),
    },
    // Names of functions and a source map would be in the way of a quick start: see SOURCE_MAPS.
    minify: true,
    ...(scope.node.tryGetContext(SOURCE_MAPS) === true
      ? { sourceMap: true, sourceMapMode: SourceMapMode.EXTERNAL }
      : { sourceMap: false }),
    // It would be part of the asset.
    metafile: false,
    logLevel: LogLevel.WARNING,
    commandHooks: {
      beforeBundling: () => [],
      beforeInstall: () => [],
      afterBundling: (_, outputDir) => [`cp "${configurationPath}" "${outputDir}/${CONFIGURATION_FILE}"`],
    },
  };
}
