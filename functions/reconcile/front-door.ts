import type { Services } from '../provision/services.ts';
import { errorText } from '../runtime/error-text.ts';

const PATIENCE_MS = 10_000;

/**
 * Asks the front door as a sender does, by its public name: name server, certificate, CloudFront and API are in between,
 * of which no metric of a function can tell. What it is asked is not told apart by tenant and touches no person.
 *
 * @param address `https://host`, without a slash at the end
 */
export async function askFrontDoor(
  { transport, metrics, log }: Pick<Services, 'transport' | 'metrics' | 'log'>,
  address: string,
): Promise<void> {
  const reason = await faultOf(transport, `${address}/health`);
  if (reason !== undefined) log.error('the front door does not answer', { reason });
  metrics.gauge('FrontDoorUnanswered', {}, reason === undefined ? 0 : 1);
}

async function faultOf(transport: Services['transport'], url: string): Promise<string | undefined> {
  try {
    const { status } = await transport({ method: 'GET', url, headers: {}, timeoutMs: PATIENCE_MS });
    return status === 204 ? undefined : `status ${status}`;
  } catch (error) {
    return errorText(error);
  }
}
