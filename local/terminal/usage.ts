import { readFileSync } from 'node:fs';

export const START_USAGE = `npm start [-- --memory] [--catalogue <file>|configuration]

Agent Provisioner on this machine, with a simulated SmartAssist, until Ctrl-C. One line a request and an agent.

  --memory      keep nothing
  --catalogue   the simulator's names: a file of check --live --save, or those of the configuration (docs/simulator.md)
  --help        show this
  --version     show the version

In the environment (README.md, "Try it by hand"): PORT, SIMULATOR_PORT, DATA_DIR, CONFIGURATION, SCIM_TOKEN,
SCIM_PROFILE, CALLS_PER_MINUTE, SOURCE_SECRETS, PUBLIC_URL, SMARTASSIST_URL and the apps' credentials.
  PORT=8790 SIMULATOR_PORT=8791 npm start`;

export const DEMO_USAGE = `npm run demo

Has people of several identity providers become agents of a simulated SmartAssist, shows what became of each, and ends.

  --help      show this
  --version   show the version`;

/** Answers `--help` and `--version`, whatever else is said; false where neither is asked for. */
export function tells(argv: readonly string[], usage: string): boolean {
  if (argv.includes('--help') || argv.includes('-h')) console.log(usage);
  else if (argv.includes('--version')) console.log(version());
  else return false;
  return true;
}

function version(): string {
  const file = new URL('../../package.json', import.meta.url);
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
