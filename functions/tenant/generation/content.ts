import { createHash } from 'node:crypto';
import { once } from '../../runtime/once.ts';
import type { Configuration } from '../configuration.ts';
import { ConfigurationError } from '../problem.ts';

/**
 * A generation's configuration as it is stored: JSON, packed, and cut into parts that each fit into an item of 400 KB,
 * which is DynamoDB's limit with keys and everything else that the item has.
 *
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
export interface Content {
  /** SHA-256 of the JSON, in hexadecimal: equal configurations have equal ones. */
  readonly digest: string;
  readonly parts: readonly string[];
}

/** A millisecond of a start, which `current.ts` has while it waits for the table. */
export const loadZlib = once(() => process.getBuiltinModule('node:zlib'));

const PART_CHARACTERS = 300_000;
/** A function reads all of them when it starts: some 60 MB of YAML, and 250 ms. */
const MOST_PARTS = 16;

/** @throws ConfigurationError for a configuration that is larger than a directory takes */
export function pack(configuration: Configuration): Content {
  const json = JSON.stringify(configuration);
  const packed = loadZlib().gzipSync(json).toString('base64');
  const count = Math.ceil(packed.length / PART_CHARACTERS);
  if (count > MOST_PARTS) {
    const most = Math.floor((MOST_PARTS * PART_CHARACTERS) / 1024);
    const message = `is ${Math.ceil(packed.length / 1024)} KB packed, and ${most} KB is the most; deploy some tenants as a stage of their own`;
    throw new ConfigurationError('configuration', [{ path: ['tenants'], message }]);
  }
  const parts = Array.from({ length: count }, (_, index) =>
    packed.slice(index * PART_CHARACTERS, (index + 1) * PART_CHARACTERS),
  );
  return { digest: digestOf(json), parts };
}

/** What generations with this content are told by. */
export function contentDigest(configuration: Configuration): string {
  return digestOf(JSON.stringify(configuration));
}

/** @throws Error when the parts are not what was packed */
export function unpack({ digest, parts }: Content): Configuration {
  const json = loadZlib()
    .gunzipSync(Buffer.from(parts.join(''), 'base64'))
    .toString('utf8');
  if (digestOf(json) !== digest) throw new Error(`the stored configuration ${digest} is damaged`);
  return JSON.parse(json);
}

function digestOf(json: string): string {
  return createHash('sha256').update(json).digest('hex');
}
