import type { Node } from 'constructs';
import { compact } from '../functions/runtime/compact.ts';
import { ConfigurationError, type Problem } from '../functions/tenant/problem.ts';
import { DEFAULT_STAGE } from '../functions/tenant/secrets/secret-name.ts';
import type { DomainSettings } from './domain.ts';
import { LEAST_CONCURRENCY } from './functions/concurrency.ts';
import type { KeyUse } from './key.ts';
import type { Firewall } from './origin.ts';
import type { Shift } from './release.ts';
import type { ImportedSecrets } from './secrets.ts';

/** What is said at the command line (`cdk deploy --context stage=test`) or in cdk.json. */
export interface Settings {
  /** Path of the configuration, counted from the repository. */
  readonly configuration: string;
  readonly stackName: string;
  /** Part of the names of secrets. */
  readonly stage: string;
  /** The tenants whose single secrets are there already, as after a stack was deleted, or in a second stage. */
  readonly importSecrets: ImportedSecrets;
  /** How a new version takes over; a stage that has a name is for trying things out, and has it at once. */
  readonly shift: Shift;
  readonly domain?: DomainSettings;
  /** Whether CloudFront with a web application firewall stands in front, and is the only way in. */
  readonly firewall: Firewall;
  readonly customerKey: KeyUse;
  /** Executions at once that the functions share, whatever else runs in the account; without it, what the account has. */
  readonly concurrency?: number;
  /** A table that is there and is to be the directory; without it the stack has one of its own. */
  readonly table?: string;
  /** Whether the front door is asked by its public name every minute. */
  readonly isChecked: boolean;
  /** Who hears of alarms: an e-mail address or a topic's ARN; without it nobody has subscribed to the topic. */
  readonly alarmsTo?: string;
}

/** Leaves room in the 64 characters of a role's name for what the CDK appends. */
const STAGE = new RegExp(`^(?!${DEFAULT_STAGE}$)[a-z][a-z0-9-]{0,19}$`);

/** All single secrets, or those of the tenants named. */
const IMPORT = /^import(:[a-z0-9-]+(,[a-z0-9-]+)*)?$/;
const ALARMS_TO = /^(arn:aws[\w-]*:sns:[\w-]+:\d{12}:[\w-]+|[^\s@:]+@[^\s@:]+\.[^\s@:]+)$/;
const CERTIFICATE = /^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/[\w-]+$/;
const TRUST_STORE =
  /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/(?<key>[^?]+)(\?versionId=(?<version>[\w.-]+))?$/;

/** @param stage empty for the one without a name */
export function stackNameOf(stage: string): string {
  return stage === '' ? 'AgentProvisioner' : `AgentProvisioner-${stage}`;
}

/**
 * Reads the app's context.
 *
 * @throws ConfigurationError with a line for each value that can't be used
 */
export function readSettings(node: Node): Settings {
  const problems: Problem[] = [];
  const read = (key: string, fallback: string, allowed: RegExp, wanted: string): string => {
    const value: unknown = node.tryGetContext(key) ?? fallback;
    if (typeof value === 'string' && (value === fallback || allowed.test(value))) return value;
    problems.push({ path: [key], message: `${JSON.stringify(value)} is not ${wanted}` });
    return fallback;
  };
  const configuration = read('configuration', 'provisioner.yaml', /./, 'the path of a file');
  const stage = read('stage', '', STAGE, 'lower-case letters, digits and dashes, 20 at most');
  const secrets = read('secrets', 'create', IMPORT, 'create, import or import:<tenant>,<tenant>');
  const byStage = stage === '' ? 'canary' : 'all-at-once';
  const release = read('release', byStage, /^(canary|linear|all-at-once)$/, 'canary, linear or all-at-once');
  const customerKey = read('customerKey', 'none', /^(table|all)$/, 'none, table or all');
  const firewall = read('firewall', 'off', /^(on|open)$/, 'on, open or off') as Firewall;
  const domain = readDomain(read, problems, firewall !== 'off');
  const table = read('table', '', /^[\w.-]{3,255}$/, 'the name of a table');
  const concurrency = read('concurrency', '', /^\d{1,6}$/, 'a number of executions');
  if (concurrency !== '' && Number(concurrency) < LEAST_CONCURRENCY) {
    problems.push({ path: ['concurrency'], message: `${LEAST_CONCURRENCY} at least, or nothing` });
  }
  const isChecked = read('check', 'off', /^on$/, 'on or off') === 'on';
  read('tracing', 'off', /^on$/, 'on or off');
  if (read('codeCache', 'off', /^on$/, 'on or off') === 'on' && process.arch !== 'arm64') {
    const message = `a code cache is for the processor that it was made on; the functions run on arm64, and this machine is ${process.arch}`;
    problems.push({ path: ['codeCache'], message });
  }
  if (isChecked && domain?.trustStore !== undefined) {
    const message = 'behind mutual TLS it has no certificate to show';
    problems.push({ path: ['check'], message });
  }
  const alarmsTo = read('alarms', '', ALARMS_TO, "an e-mail address or a topic's ARN");
  if (problems.length > 0) throw new ConfigurationError('context', problems);
  return {
    configuration,
    stackName: stackNameOf(stage),
    stage: stage || DEFAULT_STAGE,
    importSecrets: secrets === 'import' ? 'all' : secrets.split(/[:,]/).slice(1),
    shift: release as Shift,
    firewall,
    customerKey: customerKey as KeyUse,
    isChecked,
    ...compact({
      domain,
      concurrency: concurrency === '' ? undefined : Number(concurrency),
      table: table || undefined,
      alarmsTo: alarmsTo || undefined,
    }),
  };
}

type Read = (key: string, fallback: string, allowed: RegExp, wanted: string) => string;

/** The domain with what belongs to it; what can't go together is a problem. */
function readDomain(read: Read, problems: Problem[], firewall: boolean): DomainSettings | undefined {
  const name = read('domain', '', /^([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, 'a domain name');
  const certificate = read('certificate', '', CERTIFICATE, 'the ARN of a certificate in ACM');
  const store = read('trustStore', '', TRUST_STORE, 's3://bucket/key, or s3://bucket/key?versionId=version');
  const complain = (key: string, message: string) => void problems.push({ path: [key], message });
  if ((name === '') !== (certificate === '')) complain('domain', 'domain and certificate need each other');
  // CloudFront's own certificate comes with TLS 1.0.
  if (firewall && name === '') complain('firewall', 'a firewall needs a domain');
  if (store !== '' && name === '') complain('trustStore', 'mutual TLS needs a domain');
  if (store !== '' && firewall)
    complain('trustStore', 'behind CloudFront no certificate of a caller arrives');
  if (firewall && certificate !== '' && !certificate.includes(':us-east-1:')) {
    complain('certificate', 'CloudFront takes certificates of us-east-1 alone');
  }
  if (name === '') return undefined;
  const { bucket = '', key = '', version } = TRUST_STORE.exec(store)?.groups ?? {};
  const trustStore = { bucket, key, ...compact({ version }) };
  return { name, certificate, ...compact({ trustStore: store === '' ? undefined : trustStore }) };
}
