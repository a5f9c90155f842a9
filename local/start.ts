import { ENTERPRISE_USER, USER } from '../functions/scim-core/schema.ts';
import { readLocalOptions } from './environment.ts';
import { startLocal } from './server.ts';

/** `npm start`: the product on one machine, until Ctrl-C. */
async function main(): Promise<void> {
  const options = readLocalOptions(process.env, process.argv.slice(2));
  const announce = (link: string) => console.log(`\n  Console         ${link}\n`);
  const local = await startLocal({ ...options, announce });
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

function messageOf({ code, port, message }: StartError): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} is taken. Choose another: PORT=8790 SIMULATOR_PORT=8791 npm start`;
  }
  if (code === 'ERR_SQLITE_ERROR') return `${message}. Choose another folder: DATA_DIR=elsewhere npm start`;
  return message;
}
