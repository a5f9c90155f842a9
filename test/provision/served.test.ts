import { describe, expect, it } from 'vitest';
import { openServed, servedHandler } from '../../functions/provision/served.ts';
import type { Services } from '../../functions/provision/services.ts';
import type { Generation } from '../../functions/tenant/generation/current.ts';
import { provisionBench } from './bench.ts';

const generation = (number: number): Generation => ({
  number,
  digest: `digest ${number}`,
  isActive: true,
  configuration: { tenants: {} },
});

/** Generations as a test activates them: a look within 30 seconds of the last one sees nothing new. */
function activated(first?: Generation) {
  let [seen, active] = [first, first];
  return {
    activate: (next: Generation | undefined) => {
      active = next;
    },
    wait: () => {
      seen = active;
    },
    current: async () => seen,
    lookAgain: async () => {
      seen = active;
      return seen;
    },
  };
}

describe('what a function has in memory', () => {
  const { services } = provisionBench();

  it('is nothing while there is no configuration, and made once it comes', async () => {
    const generations = activated();
    const served = openServed(generations, services, ({ tenants }) => ({ tenants }));
    expect(await served()).toBeUndefined();
    generations.activate(generation(1));
    generations.wait();
    expect(await served()).toEqual({ tenants: {} });
    generations.activate(undefined);
    generations.wait();
    expect(await served()).toBeUndefined();
  });

  it('is made once a generation', async () => {
    const generations = activated(generation(1));
    const built: unknown[] = [];
    const served = openServed(generations, services, (_, its) => {
      built.push(its.generation?.number);
      return its;
    });
    const first = await served();
    expect(await served()).toBe(first);
    expect(first).toMatchObject({
      clock: services.clock,
      generation: { number: 1, digest: 'digest 1', isActive: true },
    });
    generations.activate(generation(2));
    generations.wait();
    expect(await served()).toMatchObject({ generation: { number: 2 } });
    expect(built).toEqual([1, 2]);
  });

  it('knows when it is outdated: once the next look sees that, or at once where it looks again', async () => {
    const generations = activated(generation(1));
    const its = await openServed(generations, services, (_, given: Services) => given)();
    const isOutdated = (anew?: 'anew') => its?.generation?.isOutdated(anew);
    expect([await isOutdated(), await isOutdated('anew')]).toEqual([false, false]);
    generations.activate(generation(2));
    expect(await isOutdated()).toBe(false);
    expect(await isOutdated('anew')).toBe(true);
    expect(await isOutdated()).toBe(true);
  });

  it('answers each event with the generation that is active then, and says where there is none', async () => {
    const generations = activated();
    const handler = servedHandler(
      generations,
      services,
      (_, its) => async (event: string) => `${event} by ${its.generation?.number}`,
      (event) => `${event}: none`,
    );
    expect(await handler('one')).toBe('one: none');
    generations.activate(generation(7));
    generations.wait();
    expect(await handler('two')).toBe('two by 7');
  });
});
