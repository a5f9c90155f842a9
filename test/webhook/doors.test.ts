import { expect, it } from 'vitest';
import { providers } from '../../functions/providers/registry.ts';
import { openDoors } from '../../functions/webhook/doors.ts';
import { contextWith, scimEvent } from '../scim/event.ts';
import { openHooks } from './hooks.ts';

it('/health says that the function is alive, and nothing about anybody', async () => {
  const { services, logged } = openHooks({});
  const doors = openDoors(
    { tenants: {} },
    { ...services, secrets: undefined as never, directory: undefined as never },
    providers,
  );
  for (const method of ['GET', 'HEAD']) {
    expect(await doors(scimEvent(method, '/health'), contextWith())).toEqual({ statusCode: 204 });
  }
  expect(await doors(scimEvent('GET', '/health', { stage: 'v1' }), contextWith())).toEqual({
    statusCode: 204,
  });
  expect((await doors(scimEvent('GET', '/health/more'), contextWith())).statusCode).toBe(404);
  expect(logged).toEqual([]);
});
