import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { App } from 'aws-cdk-lib';
import { loadConfiguration } from '../functions/mapping/load.ts';
import type { Configuration } from '../functions/tenant/configuration.ts';
import { ConfigurationError } from '../functions/tenant/problem.ts';
import { FirewallStack, firewallStackName } from './firewall.ts';
import { readSettings } from './settings.ts';
import { ProvisionerStack } from './stack.ts';

/** Paths are counted from the repository, wherever the app is started. */
const ROOT = resolve(import.meta.dirname, '..');

try {
  // Without autoSynth: a configuration that can't be used must not leave an empty assembly behind.
  const app = new App({ autoSynth: false });
  const settings = readSettings(app.node);
  const configuration = read(settings.configuration);
  const stack = new ProvisionerStack(app, settings.stackName, { ...settings, configuration });
  if (settings.firewall)
    stack.addStackDependency(new FirewallStack(app, firewallStackName(settings.stackName)));
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigurationError)) throw error;
  // What is wrong is in the file, not in the code: its lines alone, without a stack trace.
  console.error(error.message);
  process.exitCode = 1;
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
