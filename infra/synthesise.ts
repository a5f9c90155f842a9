import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { App } from 'aws-cdk-lib';
import { loadConfiguration } from '../functions/mapping/load.ts';
import type { Configuration } from '../functions/tenant/configuration.ts';
import { ConfigurationError } from '../functions/tenant/problem.ts';
import { FirewallStack, firewallStackName } from './firewall.ts';
import { readSettings } from './settings.ts';
import { ProvisionerStack } from './stack.ts';

/** Paths are counted from the repository, wherever the app is started. */
const ROOT = resolve(import.meta.dirname, '..');

/**
 * Writes the stacks that the app's context and the configuration ask for into a cloud assembly.
 *
 * @param app without `autoSynth`: a configuration that can't be used must not leave an empty assembly behind
 * @param complain is told what is wrong with context or configuration, line by line
 * @returns whether it could
 */
export function synthesise(app: App, complain: (lines: string) => void): boolean {
  try {
    const settings = readSettings(app.node);
    const configuration = read(settings.configuration);
    const stack = new ProvisionerStack(app, settings.stackName, { ...settings, configuration });
    if (settings.firewall !== 'off')
      stack.addStackDependency(new FirewallStack(app, firewallStackName(settings.stackName)));
    app.synth();
    return true;
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    // What is wrong is in the file, not in the code: its lines alone, without a stack trace.
    complain(error.message);
    return false;
  }
}

function read(file: string): Configuration {
  let text: string;
  try {
    text = readFileSync(resolve(ROOT, file), 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new ConfigurationError(file, [{ path: [], message: `the file can't be read: ${reason}` }]);
  }
  return loadConfiguration(text, file);
}
