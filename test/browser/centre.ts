import { silentLog } from '../../functions/runtime/log.ts';
import { sourceSchema } from '../../functions/tenant/sources.ts';
import { Okta } from '../../local/providers/okta.ts';
import { serveStandIn } from '../../local/providers/stand-in.ts';
import { type Local, startLocal } from '../../local/server.ts';
import { ada } from '../scim/door.ts';

const TOKEN = 'token-of-the-browser';

/** The name of the source, and the token that reads it. */
const OKTA = { source: 'okta', token: 'okta-api-token' };
const LISTED = 5;

/** `npm start` with people in it, and a source that has others. */
export interface Centre extends Local {
  create(changes: Record<string, unknown>): Promise<string>;
  named(userName: string, externalId: string, givenName: string, familyName: string): Record<string, unknown>;
  behave(behaviour: unknown): Promise<void>;
  /** The first page that the link leads to. */
  readonly console: string;
}

export async function openCentre(): Promise<Centre> {
  const okta = new Okta({ now: Date.now, token: OKTA.token });
  for (let number = 1; number <= LISTED; number += 1) {
    const login = `listed-${number}@example.com`;
    okta.add({ login, email: login, firstName: 'Given', lastName: `Family ${number}` });
  }
  const served = await serveStandIn(okta);
  const local = await startLocal({
    port: 0,
    simulatorPort: 0,
    dataDir: undefined,
    configurationFile: 'provisioner.yaml',
    scimToken: TOKEN,
    sources: {
      [OKTA.source]: sourceSchema.parse({
        preset: 'okta-event-hook',
        fetch: { baseUrl: served.url },
        sync: {},
      }),
      workos: sourceSchema.parse({ preset: 'workos' }),
    },
    sourceSecrets: { [`${OKTA.source}.fetch`]: [OKTA.token] },
    log: silentLog,
  });
  const create: Centre['create'] = async (changes) => {
    const answer = await fetch(`${local.url}/demo/scim/v2/Users`, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(ada(changes)),
    });
    const { id } = (await answer.json()) as { id?: string };
    if (id === undefined) throw new Error(`nobody was made: ${answer.status}`);
    return id;
  };
  const behave: Centre['behave'] = async (behaviour) => {
    const body = JSON.stringify(behaviour);
    const answer = await fetch(`${local.simulatorUrl}/_simulator/behaviour`, { method: 'PUT', body });
    if (!answer.ok)
      throw new Error(`the simulator does not take it: ${answer.status} ${await answer.text()}`);
  };
  const named: Centre['named'] = (userName, externalId, givenName, familyName) => ({
    userName,
    externalId,
    name: { givenName, familyName },
    emails: [{ value: userName, type: 'work', primary: true }],
  });
  await create(named('ada.lovelace@example.com', 'p1', 'Ada', 'Lovelace'));
  await create(named('grace.hopper@example.com', 'p2', 'Grace', 'Hopper'));
  await create({ ...named('alan.turing@example.com', 'p3', 'Alan', 'Turing'), active: false });
  const close = async () => {
    await local.close();
    await served.close();
  };
  return { ...local, close, create, named, behave, console: `${local.url}/demo/console` };
}
