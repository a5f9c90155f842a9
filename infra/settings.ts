import type { Node } from 'constructs';
import { ConfigurationError, type Problem } from '../functions/tenant/problem.ts';
import type { Shift } from './release.ts';

/** What is said at the command line (`cdk deploy --context stage=test`) or in cdk.json. */
export interface Settings {
  /** Path of the configuration, counted from the repository. */
  readonly configuration: string;
  readonly stackName: string;
  /** Whether the tenants' secrets are there already, as after a stack was deleted, or in a second stage. */
  readonly importSecrets: boolean;
  /** How a new version takes over; a stage that has a name is for trying things out, and has it at once. */
  readonly shift: Shift;
}

/** Leaves room in the 64 characters of a role's name for what the CDK appends. */
const STAGE = /^[a-z][a-z0-9-]{0,19}$/;

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
  const secrets = read('secrets', 'create', /^import$/, 'create or import');
  const byStage = stage === '' ? 'canary' : 'all-at-once';
  const release = read('release', byStage, /^(canary|linear|all-at-once)$/, 'canary, linear or all-at-once');
  if (problems.length > 0) throw new ConfigurationError('context', problems);
  return {
    configuration,
    stackName: stage === '' ? 'AgentProvisioner' : `AgentProvisioner-${stage}`,
    importSecrets: secrets === 'import',
    shift: release as Shift,
  };
}
