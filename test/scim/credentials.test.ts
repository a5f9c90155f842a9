import { expect, it } from 'vitest';
import { drain } from '../../functions/provision/drain/drain.ts';
import { openTenant } from '../../functions/provision/tenant.ts';
import { demoTenant } from '../mapping/demo.ts';
import { AGENT, ada, named, openDoor, SECRET } from './door.ts';

const CREDENTIALS = SECRET.replace(/door$/, 'smartassist');

it.each([
  ['Secrets Manager gives no answer', named('TimeoutError')],
  ['the secret is not there', named('ResourceNotFoundException')],
  ['the function may not read it', named('AccessDeniedException')],
  ['the secret is no JSON', 'not json'],
])(
  'a joiner is stored, and waits, when the credentials for SmartAssist are missing: %s',
  async (_, wrong) => {
    const { create, send, secrets, services, clock, simulator, directory } = openDoor();
    const good = secrets.get(CREDENTIALS) ?? '';
    secrets.set(CREDENTIALS, wrong);
    const created = await create(ada());
    expect(created.status).toBe(201);
    expect(created.body[AGENT]).toMatchObject({ provisioning: { state: 'due' } });
    const id = String(created.body.id);

    clock.advance(60_000);
    const provisioning = openTenant('demo', demoTenant(), services);
    await drain(provisioning, services, clock.now() + 60_000);
    expect(await directory.readPerson('demo', id)).toMatchObject({
      state: 'due',
      attempts: { lastError: { message: 'the credentials for SmartAssist are not usable' } },
    });

    secrets.set(CREDENTIALS, good);
    clock.advance(15 * 60_000);
    await drain(provisioning, services, clock.now() + 60_000);
    expect(await directory.readPerson('demo', id)).toMatchObject({ state: 'provisioned' });
    expect(simulator.agents()).toHaveLength(1);

    // A leaver, too.
    secrets.set(CREDENTIALS, wrong);
    clock.advance(24 * 60 * 60_000);
    const left = await send('PATCH', `/Users/${id}`, {
      body: {
        schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
        Operations: [{ op: 'replace', value: { active: false } }],
      },
    });
    expect(left.status).toBe(200);
  },
);
