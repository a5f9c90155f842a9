import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { loadConfiguration } from '../../functions/mapping/load.ts';
import type { Configuration } from '../../functions/tenant/configuration.ts';
import { readSettings } from '../../infra/settings.ts';
import { ProvisionerStack } from '../../infra/stack.ts';

export const ROOT = join(import.meta.dirname, '../..');

/** A stack synthesised in this process, with the feature flags that a deployment has. */
export interface Synthesis {
  readonly app: App;
  readonly stack: ProvisionerStack;
  readonly template: Template;
  readonly configuration: Configuration;
}

/** A stack with its functions' code. */
export interface Assembly extends Synthesis {
  /** The cloud assembly; `dispose` removes it. */
  readonly directory: string;
  dispose(): void;
}

/** Tenants that share nothing, and two that share a secret. */
export const SEVERAL_TENANTS = `
tenants:
  acme-emea:
    smartassist: { host: platform.kore.ai, streamId: st-1, secret: agents/acme-emea }
  acme-us:
    smartassist: { host: platform.kore.ai, streamId: st-2, secret: agents/acme-us }
  acme-us-test:
    smartassist: { host: platform.kore.ai, streamId: st-3, secret: agents/acme-us }
`;

export const SHIPPED = readFileSync(join(ROOT, 'provisioner.yaml'), 'utf8');

const syntheses = new Map<string, Synthesis>();

/**
 * Without the functions' code, which few tests look at: see `synthesiseWithCode`. What differs in nothing is synthesised
 * once a worker; no test changes it.
 */
export function synthesise(text: string, context: Readonly<Record<string, unknown>> = {}): Synthesis {
  const key = JSON.stringify([text, context]);
  const made = syntheses.get(key) ?? inMemory(text, context);
  syntheses.set(key, made);
  return made;
}

function inMemory(text: string, context: Readonly<Record<string, unknown>>): Synthesis {
  const { dispose, directory, ...synthesis } = synthesiseWithCode(text, { ...WITHOUT_CODE, ...context });
  dispose();
  return synthesis;
}

const WITHOUT_CODE = { 'aws:cdk:bundling-stacks': [] };

/**
 * Synthesises as a deployment does: checked against CloudFormation's own rules.
 *
 * @param change what is done to the stack before
 * @throws ValidationFailed with what the rules find
 */
export function synthesiseChecked(
  context: Readonly<Record<string, unknown>> = {},
  change: (stack: ProvisionerStack) => void = () => {},
): void {
  synthesised(SHIPPED, { ...WITHOUT_CODE, ...context }, change).dispose();
}

/** Not checked against CloudFormation's rules, which takes most of a synthesis' time: see `synthesiseChecked`. */
export function synthesiseWithCode(text: string, context: Readonly<Record<string, unknown>> = {}): Assembly {
  const { CDK_VALIDATION: before } = process.env;
  process.env.CDK_VALIDATION = 'false';
  try {
    return synthesised(text, context);
  } finally {
    if (before === undefined) delete process.env.CDK_VALIDATION;
    else process.env.CDK_VALIDATION = before;
  }
}

function synthesised(
  text: string,
  context: Readonly<Record<string, unknown>>,
  change: (stack: ProvisionerStack) => void = () => {},
): Assembly {
  const directory = mkdtempSync(join(tmpdir(), 'provisioner-infra-'));
  const dispose = () => rmSync(directory, { recursive: true, force: true });
  try {
    const flags = JSON.parse(readFileSync(join(ROOT, 'cdk.json'), 'utf8')).context;
    const app = new App({
      outdir: directory,
      context: { ...flags, ...context },
      autoSynth: false,
      analyticsReporting: false,
    });
    const configuration = loadConfiguration(text, 'provisioner.yaml');
    const settings = readSettings(app.node);
    const stack = new ProvisionerStack(app, settings.stackName, { ...settings, configuration });
    change(stack);
    return { app, stack, template: Template.fromStack(stack), configuration, directory, dispose };
  } catch (error) {
    dispose();
    throw error;
  }
}

/** The resources of a type by their logical ids, as a template has them. */
export function resourcesOf(template: Template, type: string): [string, Resource][] {
  return Object.entries(template.findResources(type)) as [string, Resource][];
}

/** The one resource of a type whose logical id begins so: it begins with the path of its construct. */
export function resourceOf(template: Template, type: string, prefix = ''): { id: string } & Resource {
  const found = resourcesOf(template, type).filter(([id]) => id.startsWith(prefix));
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`${found.length} resources are ${type} ${prefix}`);
  }
  const [id, resource] = first;
  return { id, ...resource };
}

export interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is read as it comes, and a wrong guess fails the test
  readonly Properties: any;
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
  readonly UpdatePolicy?: object;
}
