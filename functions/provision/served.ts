import type { Configuration } from '../tenant/configuration.ts';
import type { Generation, Generations } from '../tenant/generation/current.ts';
import type { Services } from './services.ts';

/**
 * What a function has in memory for the generation that is active: made again when another one is, while what is under
 * way ends with the one that it began with.
 *
 * @param build makes it of a configuration, with services that say which generation that is
 * @returns what there is for the current generation; undefined while there is none
 */
export function openServed<Built>(
  generations: Generations,
  services: Services,
  build: (configuration: Configuration, services: Services) => Built,
): () => Promise<Built | undefined> {
  let last: { readonly of: Generation; readonly built: Built } | undefined;
  return async () => {
    const generation = await generations.current();
    if (generation === undefined) return undefined;
    if (last?.of !== generation) {
      const served = servicesOf(generation, generations, services);
      last = { of: generation, built: build(generation.configuration, served) };
    }
    return last.built;
  };
}

/**
 * A handler that serves each event with the generation that is active then.
 *
 * @param none answers while there is none
 */
export function servedHandler<Args extends readonly unknown[], Answer>(
  generations: Generations,
  services: Services,
  build: (configuration: Configuration, services: Services) => (...args: Args) => Promise<Answer>,
  none: (...args: Args) => Answer | Promise<Answer>,
): (...args: Args) => Promise<Answer> {
  const served = openServed(generations, services, build);
  return async (...args) => ((await served()) ?? none)(...args);
}

function servicesOf(generation: Generation, generations: Generations, services: Services): Services {
  const { number, digest, isActive } = generation;
  const isOutdated = async (anew?: 'anew') =>
    (await (anew === undefined ? generations.current() : generations.lookAgain())) !== generation;
  return { ...services, generation: { number, digest, isActive, isOutdated } };
}
