import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Dice } from '../dice.ts';
import type { Machine } from '../machine.ts';
import type { Weather } from '../weather.ts';

/** When the SDK gives a connection up that hangs: three tries and what lies between them, see `AWS_CLIENT`. */
export const GIVEN_UP_MS = 5_000;

/** What a secret holds at this moment, as JSON; an error's name where Secrets Manager refuses to say. */
export type SecretText = (name: string) => { readonly text: string } | { readonly error: string };

/** Secrets Manager as one machine reaches it, and when that machine has read which secret. */
export interface SecretsReach {
  readonly client: SecretsManagerClient;
  /** By name: when the machine has last asked for a secret and got it, by its own clock. */
  readonly readAt: ReadonlyMap<string, number>;
}

export function reachSecrets(
  machine: Machine,
  dice: Dice,
  weather: () => Weather,
  secret: SecretText,
): SecretsReach {
  const readAt = new Map<string, number>();
  /** The one command of it that the product knows. */
  const send = async ({ input }: { readonly input: { readonly SecretId?: string } }) => {
    const { secretsFail, secretsHang } = weather();
    const name = input.SecretId ?? '';
    const askedAt = machine.clock.now();
    const said = await machine.wait({
      what: 'reading the secret',
      latencyMs: secretsHang ? GIVEN_UP_MS : dice.whole(1, 50),
      fails: dice.chance(secretsFail) ? 'before' : undefined,
      work: async () => secret(name),
    });
    if ('error' in said) throw Object.assign(new Error('refused'), { name: said.error });
    readAt.set(name, askedAt);
    return { SecretString: said.text };
  };
  return { client: { send } as unknown as SecretsManagerClient, readAt };
}
