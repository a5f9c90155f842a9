import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { printableLines } from '../functions/runtime/printable.ts';

const USAGE = `Signs a request by Standard Webhooks and sends it, or shows it where no --url is given.

  SIGNING_SECRET=whsec_… node cli/sign-webhook.ts [--url http://127.0.0.1:8787/demo/hooks/people] [--file event.json]

Without --file the event is read from standard input. The secret is no argument: every user of a machine can list those.`;

/** Headers of Standard Webhooks: `webhook-signature` is over `id.timestamp.body`, its key the base64 behind `whsec_`. */
function signatureOf(secret: string, body: Buffer): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(Date.now() / 1000));
  const key = Buffer.from(secret.replace(/^(v1,)?whsec_/, ''), 'base64');
  const mac = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${mac}` };
}

const { values } = parseArgs({
  options: { url: { type: 'string' }, file: { type: 'string' } },
});
const secret = process.env.SIGNING_SECRET;
if (secret === undefined || secret === '') {
  console.error(USAGE);
  process.exitCode = 2;
} else {
  const body = readFileSync(values.file ?? 0);
  const headers = { 'content-type': 'application/json', ...signatureOf(secret, body) };
  if (values.url === undefined) {
    for (const [name, value] of Object.entries(headers)) console.log(`${name}: ${value}`);
    console.log(`\n${body.toString('utf8')}`);
  } else {
    const response = await fetch(values.url, { method: 'POST', headers, body });
    console.log(`${response.status} ${printableLines(await response.text())}`);
    process.exitCode = response.ok ? 0 : 1;
  }
}
