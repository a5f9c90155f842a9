import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfiguration } from '../../functions/mapping/load.ts';
import { delimiterOf, readHeader, recordsOf } from '../../functions/providers/file/csv.ts';
import { linesOf } from '../../functions/providers/file/lines.ts';
import { parseFilter } from '../../functions/scim-core/filter/filter.ts';
import { compileFilter } from '../../functions/scim-core/filter/match.ts';
import { applyPatch } from '../../functions/scim-core/patch/patch.ts';
import { parsePath } from '../../functions/scim-core/path/path.ts';
import { compilePayloadPath } from '../../functions/scim-core/path/payload-path.ts';
import { compilePath } from '../../functions/scim-core/path/select.ts';
import { parseResource } from '../../functions/scim-core/resource/parse.ts';
import { USER_KIND } from '../../functions/scim-core/schema.ts';
import { type Format, parseBody } from '../../functions/webhook/parse.ts';
import { corpus } from './corpus.ts';
import { reader, type Target } from './target.ts';

const CHUNK = 65_536;

const PERSON = {
  userName: 'ada@example.com',
  name: { givenName: 'Ada', familyName: 'Lovelace' },
  emails: [
    { value: 'ada@example.com', type: 'work', primary: true },
    { value: 'ada@home.example', type: 'home' },
  ],
  active: true,
};

/** Files of the repository that are what a reader reads. */
const examples = (folder: string, end: string): string[] =>
  readdirSync(join(import.meta.dirname, '../..', folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(end))
    .toSorted()
    .map((file) => readFileSync(join(import.meta.dirname, '../..', folder, file), 'utf8'));

const bodyOf = (format: Format, contentType?: string) =>
  reader(`body ${format}`, corpus(`body-${format}`), (input) =>
    parseBody(Buffer.from(input), contentType, format),
  );

/** What reads texts of others, each by itself. */
export const READERS: readonly Target[] = [
  reader('filter', corpus('filter'), (input) => compileFilter(parseFilter(input, USER_KIND))(PERSON)),
  reader('path', corpus('path'), (input) => compilePath(parsePath(input, USER_KIND))(PERSON)),
  reader('payload path', corpus('payload-path'), (input) => compilePayloadPath(input)(PERSON)),
  reader('patch', corpus('patch'), (input) => {
    const operations = fromJson(input);
    if (operations !== undefined) applyPatch(PERSON, operations, USER_KIND);
  }),
  reader('resource', corpus('resource'), (input) => {
    const body = fromJson(input);
    if (body !== undefined) parseResource(body, USER_KIND);
  }),
  bodyOf('json'),
  bodyOf('form'),
  bodyOf('json-or-lines'),
  bodyOf('xml'),
  reader('csv', corpus('csv'), async (input) => {
    const [header = '', ...rest] = input.split('\n');
    const delimiter = delimiterOf(header);
    readHeader(header, delimiter);
    for await (const record of recordsOf(linesOf(chunksOf(rest.join('\n'))), delimiter)) {
      if (!('fields' in record) && !('problem' in record))
        throw new Error('a record is neither good nor bad');
    }
  }),
  {
    ...reader('yaml', [...corpus('yaml'), ...examples('examples', '.yaml')], (input) => {
      const { configuration, problems } = checkConfiguration(input);
      if (configuration === undefined && problems.length === 0) throw new Error('refused without a problem');
    }),
    // The file of an operator who may change it, read at a desk: its parser names each mistake of thousands.
    aKilobyte: { milliseconds: 10, megabytes: 1 },
  },
];

function fromJson(input: string): unknown {
  try {
    return JSON.parse(input);
  } catch {
    return undefined;
  }
}

async function* chunksOf(text: string): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let from = 0; from < bytes.length; from += CHUNK) yield bytes.subarray(from, from + CHUNK);
}
