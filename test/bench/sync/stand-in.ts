import { createInterface } from 'node:readline';
import { Okta } from '../../../local/providers/okta.ts';
import { serveStandIn } from '../../../local/providers/stand-in.ts';

/** Okta with so many people, as `../sync.ts` starts it: says its address; for each number that it reads it changes as many. */
const [people = '0', token = ''] = process.argv.slice(2);
let now = Date.now() - 86_400_000;
const okta = new Okta({ now: () => now, token });
for (let number = 1; number <= Number(people); number += 1) {
  const login = `person-${number}@acme.example`;
  okta.add({
    login,
    email: login,
    firstName: `Given ${number}`,
    lastName: `Family ${number}`,
    department: 'Support',
    primaryPhone: `+1 202 555 ${String(number % 10_000).padStart(4, '0')}`,
  });
}
now = Date.now();
// What was created is yesterday's; the hook has brought it.
okta.log.length = 0;
const served = await serveStandIn(okta);
console.log(served.url);
for await (const line of createInterface({ input: process.stdin })) {
  now = Date.now();
  for (const id of [...okta.users.keys()].slice(0, Number(line))) okta.change(id, { department: 'Billing' });
  console.log('changed');
}
await served.close();
