import type { HttpRequest, HttpResponse } from '../../functions/runtime/transport.ts';
import { type Hooks, type HooksOptions, openHooks } from '../webhook/hooks.ts';
import { fixture, PROVIDER_CASES, type Step, textOf } from '../webhook/providers.ts';

/** The door with one provider's source, `people`, that signs as the provider does. */
export interface Talk extends Hooks {
  /** A step of the provider's fixture, or a body of the test's own. */
  say(body: unknown, path?: string): ReturnType<Hooks['send']>;
}

export interface TalkOptions {
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly provider?: (request: HttpRequest) => HttpResponse | undefined;
  readonly tenant?: HooksOptions['tenant'];
}

export function talkTo(preset: string, options: TalkOptions = {}): Talk {
  const found = PROVIDER_CASES.find((each) => each.preset === preset);
  if (found === undefined) throw new Error(`no case for ${preset}`);
  const { secret, signed, fetchSecrets, settings: usual, headers: said } = found;
  const { settings = {}, provider, tenant } = options;
  const hooks = openHooks({
    sources: { people: { preset, ...usual, ...settings } },
    secrets: { people: [secret], ...(fetchSecrets === undefined ? {} : { 'people.fetch': fetchSecrets }) },
    ...(provider === undefined ? {} : { provider }),
    ...(tenant === undefined ? {} : { tenant }),
  });
  return {
    ...hooks,
    say: (body, path = '') => {
      const step = typeof body === 'string' ? fixture(preset)[body] : body;
      if (step === undefined) throw new Error(`no step ${String(body)} in the fixture of ${preset}`);
      const sent = signed(textOf(step), secret);
      const own = typeof body === 'string' ? said?.[body as Step] : undefined;
      return hooks.send(`people${path}`, { ...sent, headers: { ...sent.headers, ...own } });
    },
  };
}

/** A step of the fixture with other values in it: paths with dots between. */
export function changed(
  preset: string,
  step: string,
  changes: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const copy = structuredClone(fixture(preset)[step]) as Record<string, unknown>;
  for (const [path, value] of Object.entries(changes)) {
    const names = path.split('.');
    const last = names.pop() ?? '';
    let place = copy;
    for (const name of names) place = place[name] as Record<string, unknown>;
    place[last] = value;
  }
  return copy;
}

export const answer = (value: unknown, status = 200): HttpResponse => ({
  status,
  headers: {},
  body: typeof value === 'string' ? value : JSON.stringify(value),
});

/** Works off what is due, for so many minutes. */
export async function pass(hooks: Hooks, minutes: number): Promise<void> {
  for (let each = 0; each < minutes; each += 1) {
    await hooks.settle();
    hooks.clock.advance(60_000);
  }
  await hooks.settle();
}
