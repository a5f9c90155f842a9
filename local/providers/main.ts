import { Okta } from './okta.ts';
import { type Served, serveStandIn } from './stand-in.ts';

const [provider = '', people = '450', port = '8789'] = process.argv.slice(2);
const TOKEN = 'okta-stand-in-token';

/** `npm run provider -- okta 450`: a stand-in for a provider's API with people in it, until Ctrl-C. */
async function main(): Promise<void> {
  if (provider !== 'okta' || !/^\d{1,6}$/.test(people) || !/^\d{1,5}$/.test(port)) {
    console.error('npm run provider -- okta [people] [port], such as: npm run provider -- okta 450 8789');
    process.exitCode = 2;
    return;
  }
  const okta = new Okta({ now: Date.now, token: TOKEN });
  for (let number = 1; number <= Number(people); number += 1) okta.add(profileOf(number));
  const served = await serveStandIn(okta, Number(port));
  console.log(`
  Okta's API      ${served.url}
  API token       ${TOKEN}
  People          ${people}

  In provisioner.yaml, under the tenant:

    sources:
      okta: { preset: okta-event-hook, fetch: { baseUrl: '${served.url}' }, sync: {} }

  Ctrl-C ends it.
`);
  endWith(served);
}

function profileOf(number: number) {
  const login = `person-${number}@acme.example`;
  const department = ['Billing', 'Support', 'Sales'][number % 3] ?? 'Sales';
  return {
    login,
    email: login,
    firstName: `Given ${number}`,
    lastName: `Family ${number}`,
    department,
    primaryPhone: `+1 202 555 ${String(number % 10_000).padStart(4, '0')}`,
  };
}

function endWith(served: Served): void {
  process.once('SIGINT', () => void served.close());
  process.once('SIGTERM', () => void served.close());
}

main().catch((error: NodeJS.ErrnoException) => {
  console.error(error.code === 'EADDRINUSE' ? `Port ${port} is taken; name another one.` : error.message);
  process.exitCode = 1;
});
