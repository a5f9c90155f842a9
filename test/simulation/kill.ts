import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../functions/runtime/clock.ts';
import { DEMO_ADMIN, DEMO_CLIENT } from '../../local/demo-apps.ts';
import type { Simulator } from '../../local/simulator/interface.ts';
import { serveSimulator } from '../../local/simulator/server.ts';
import { createSimulator } from '../../local/simulator/simulator.ts';
import { demoTenant } from '../mapping/demo.ts';

/**
 * `npm run prove:kill`: 500 persons are sent by 16 connections to `npm start` over HTTP, in real time, while SmartAssist
 * loses the answer of 30 % of the creates and fails 20 %; once as it is, and once with the process killed (SIGKILL) ten
 * times in the middle of it and started again. Exactly 500 agents have to come of it, each time.
 */

const PERSONS = 500;
const CONNECTIONS = 16;
const KILLS = 10;
const CALLS_PER_MINUTE = 3_000;
const TOKEN = 'demo-scim-token';
/** Leases of dead processes run out within a minute, and pauses between tries grow. */
const PATIENCE_MS = 10 * 60_000;

/** The product in a process of its own, which can be killed and started again. */
class Product {
  readonly url: string;
  readonly #environment: NodeJS.ProcessEnv;
  #child: ChildProcess | undefined;
  starts = 0;

  constructor(port: number, dataDir: string, smartassistUrl: string) {
    this.url = `http://127.0.0.1:${port}`;
    this.#environment = {
      ...process.env,
      PORT: String(port),
      DATA_DIR: dataDir,
      SCIM_TOKEN: TOKEN,
      SMARTASSIST_URL: smartassistUrl,
      SMARTASSIST_CLIENT_ID: DEMO_CLIENT.clientId,
      SMARTASSIST_CLIENT_SECRET: DEMO_CLIENT.clientSecret,
      SMARTASSIST_ADMIN_CLIENT_ID: DEMO_ADMIN.clientId,
      SMARTASSIST_ADMIN_CLIENT_SECRET: DEMO_ADMIN.clientSecret,
      CALLS_PER_MINUTE: String(CALLS_PER_MINUTE),
    };
  }

  /** Resolves when it answers. */
  async start(): Promise<void> {
    this.starts += 1;
    const child = spawn(process.execPath, ['local/start.ts'], {
      env: this.#environment,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    this.#child = child;
    while (child.exitCode === null) {
      const health = await fetch(`${this.url}/health`).catch(() => undefined);
      if (health?.ok) return;
      await sleep(50);
    }
    throw new Error(`npm start ended with ${child.exitCode}`);
  }

  async kill(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
  }

  /** The answer's status and body, or undefined when there was none. */
  async ask(method: string, path: string, body?: unknown) {
    try {
      const response = await fetch(`${this.url}/demo/scim/v2${path}`, {
        method,
        headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    } catch {
      return undefined;
    }
  }
}

const personOf = (number: number) => ({
  schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
  userName: `person-${number}@example.com`,
  name: { givenName: `Given ${number}`, familyName: `Family ${number}` },
  emails: [{ value: `person-${number}@example.com`, type: 'work', primary: true }],
  phoneNumbers: [{ value: `+49 30 ${1_000_000 + number}`, type: 'work' }],
  active: true,
});

/** Sends everybody, each until the answer is that they are stored; `accepted` hears of each. */
async function sendAll(product: Product, accepted: () => void): Promise<void> {
  let next = 0;
  const connection = async () => {
    while (next < PERSONS) {
      const person = personOf(next++);
      for (;;) {
        const reply = await product.ask('POST', '/Users', person);
        if (reply?.status === 201 || reply?.status === 409) break;
        await sleep(50 + Math.random() * 200);
      }
      accepted();
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, connection));
}

/** Waits until nobody is due any more; undefined when that takes too long. */
async function settle(product: Product): Promise<void> {
  const waiting = new Set(Array.from({ length: PERSONS }, (_, number) => personOf(number).userName));
  const until = Date.now() + PATIENCE_MS;
  while (waiting.size > 0) {
    if (Date.now() > until)
      throw new Error(`${waiting.size} are not provisioned: ${[...waiting].slice(0, 5)}`);
    for (const userName of waiting) {
      const reply = await product.ask(
        'GET',
        `/Users?filter=${encodeURIComponent(`userName eq "${userName}"`)}`,
      );
      const [resource] = (reply?.body.Resources ?? []) as Record<
        string,
        { provisioning?: { state: string } }
      >[];
      const extension = resource?.['urn:agent-provisioner:params:scim:schemas:extension:agent:1.0:User'];
      if (extension?.provisioning?.state === 'provisioned') waiting.delete(userName);
    }
    await sleep(500);
  }
}

/** Kills the process so often while persons are being accepted, each time at another moment. */
async function killAtRandom(product: Product, times: number, progress: () => number): Promise<void> {
  const moments = Array.from({ length: times }, () => 5 + Math.random() * (PERSONS - 15)).sort(
    (a, b) => a - b,
  );
  for (const moment of moments) {
    while (progress() < moment) await sleep(5);
    await sleep(Math.random() * 100);
    await product.kill();
    await product.start();
  }
}

async function prove(kills: number): Promise<boolean> {
  const { streamId, accountId, profile } = demoTenant().smartassist;
  const simulator: Simulator = createSimulator({
    clock: systemClock,
    random: Math.random,
    credentials: () => [DEMO_CLIENT],
    admin: () => [DEMO_ADMIN],
    streamId,
    profile,
    ...(accountId === undefined ? {} : { accountId }),
    behaviour: {
      callsPerMinute: 1_000_000,
      latencyMs: 20,
      faults: [
        { on: 'POST /agents', kind: 'drop-after', probability: 0.3 },
        // Of the 70 % that are left: 20 % of all.
        { on: 'POST /agents', kind: 'status', status: 503, probability: 0.2 / 0.7 },
      ],
    },
  });
  const server = await serveSimulator(simulator, { port: 0 });
  const dataDir = mkdtempSync(join(tmpdir(), 'agent-provisioner-kill-'));
  const product = new Product(await freePort(), dataDir, `http://127.0.0.1:${server.port}`);
  try {
    await product.start();
    const begun = Date.now();
    let accepted = 0;
    await Promise.all([
      sendAll(product, () => {
        accepted += 1;
      }),
      killAtRandom(product, kills, () => accepted),
    ]);
    const sent = Date.now();
    await settle(product);
    return report(simulator, kills, (sent - begun) / 1000, (Date.now() - begun) / 1000);
  } finally {
    await product.kill();
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function report(simulator: Simulator, kills: number, sentSeconds: number, seconds: number): boolean {
  const agents = simulator.agents();
  const emails = new Set(agents.map(({ emailId }) => emailId));
  const keys = new Set(agents.map(({ customId }) => customId));
  const isRight = agents.length === PERSONS && emails.size === PERSONS && keys.size === PERSONS;
  process.stdout.write(
    `${PERSONS} persons by ${CONNECTIONS} connections, ${kills} kills: ${agents.length} agents, ` +
      `${emails.size} addresses, ${keys.size} keys; accepted after ${sentSeconds.toFixed(1)} s, ` +
      `all done after ${seconds.toFixed(1)} s; calls ${JSON.stringify(simulator.calls())}: ${isRight ? 'right' : 'WRONG'}\n`,
  );
  return isRight;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

for (const kills of [0, KILLS]) {
  if (!(await prove(kills))) process.exitCode = 1;
}
