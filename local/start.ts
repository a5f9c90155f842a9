import { ENTERPRISE_USER, USER } from '../functions/scim-core/schema.ts';
import { readLocalOptions } from './environment.ts';
import { startLocal } from './server.ts';
import { gatherLines } from './terminal/gathered-lines.ts';
import { START_USAGE, tells } from './terminal/usage.ts';

/** `npm start`: the product on one machine, until Ctrl-C. */
async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  if (tells(argv, START_USAGE)) return;
  const options = readLocalOptions(process.env, argv);
  const announce = (link: string) => console.log(`\n  Console         ${link}\n`);
  const lines = gatherLines((text) => console.log(text));
  process.once('exit', lines.flush);
  const local = await startLocal({ ...options, announce, lines: lines.add });
  const base = `${local.url}/${local.tenants[0]}/scim/v2`;
  const person = {
    schemas: [USER.id],
    userName: 'ada.lovelace@example.com',
    name: { givenName: 'Ada', familyName: 'Lovelace' },
    emails: [{ value: 'ada.lovelace@example.com', type: 'work', primary: true }],
    preferredLanguage: 'de-DE',
    [ENTERPRISE_USER.id]: { department: 'Billing' },
    active: true,
  };
  console.log(`
  SCIM base URL   ${base}
  Bearer token    ${options.scimToken}
  Agents          ${local.simulatorUrl === undefined ? options.smartassistUrl : `${local.simulatorUrl}/_simulator/agents`}
  Kept in         ${options.dataDir ?? 'memory only'}
  Console         ${local.consoleLink()}

  Make an agent:

  curl -sS ${base}/Users -H 'Authorization: Bearer ${options.scimToken}' -H 'Content-Type: application/scim+json' -d '${JSON.stringify(person)}'

  Ctrl-C ends it.
`);
  const end = () => {
    process.once('SIGINT', () => process.exit(130));
    local.close().then(
      () => process.exit(0),
      () => process.exit(1),
    );
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
}

main().catch((error: StartError) => {
  console.error(messageOf(error));
  process.exit(1);
});

type StartError = NodeJS.ErrnoException & { readonly port?: number };

function messageOf({ code, port, message, path = '', syscall }: StartError): string {
  const { CONFIGURATION = 'provisioner.yaml', DATA_DIR = '.data' } = process.env;
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Choose another: PORT=8790 SIMULATOR_PORT=8791 npm start`;
  }
  if (code === 'ERR_SQLITE_ERROR') return `${message}. Choose another folder: DATA_DIR=elsewhere npm start`;
  // Of a folder that is read, the error has no path; nothing else here reads what a variable names.
  if ((path === CONFIGURATION && syscall !== 'mkdir') || code === 'EISDIR') {
    return `CONFIGURATION is ${CONFIGURATION}, and that file can not be read (${code}); it names a file such as provisioner.yaml`;
  }
  if (path !== '' && path.startsWith(DATA_DIR)) {
    return `DATA_DIR is ${DATA_DIR}, and nothing can be kept there (${code}); it names a folder that you may write to`;
  }
  return message;
}
