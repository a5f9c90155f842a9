import { compact } from '../runtime/compact.ts';
import { ScimInputError } from '../scim-core/error.ts';
import { compilePayloadPath } from '../scim-core/path/payload-path.ts';
import type { Problem } from './problem.ts';
import type { SourceSettings } from './sources.ts';

/** An object of S3. */
export interface S3Object {
  readonly bucket: string;
  readonly key: string;
}

/** What the encodings are called that a file may have: the Encoding Standard's names. */
const ENCODINGS = ['utf-8', 'windows-1252', 'iso-8859-15'];
const DELIMITERS: Readonly<Record<string, ',' | ';' | '\t' | '|'>> = {
  ',': ',',
  ';': ';',
  tab: '\t',
  '|': '|',
};
const DATES = ['YYYY-MM-DD', 'DD.MM.YYYY', 'DD/MM/YYYY', 'MM/DD/YYYY', 'YYYYMMDD'] as const;
export type DateForm = (typeof DATES)[number];

/** `fetch` of a source that is a file. */
export interface FileSource {
  /** A path, or `s3://bucket/key`. */
  readonly file: string;
  /** `full`: everybody is in it. `incremental`: only who changed; absence says nothing. */
  readonly content: 'full' | 'incremental';
  readonly format: 'csv' | 'jsonl';
  readonly encoding: string;
  readonly delimiter?: ',' | ';' | '\t' | '|';
  /** A file beside it that is written when it is whole. */
  readonly marker?: string;
  /** Older than so many milliseconds it is no news of people. */
  readonly maxAgeMs?: number;
  /** Where things are in a row, beside the source's `map`. */
  readonly id?: string;
  readonly firstDay?: string;
  readonly lastDay?: string;
  readonly dates: DateForm;
}

type Key = 'file' | 'content' | 'format' | 'encoding' | 'delimiter' | 'marker' | 'maxAge' | Place | 'dates';
type Place = 'id' | 'firstDay' | 'lastDay';

const KEYS: readonly Key[] = [
  'file',
  'content',
  'format',
  'encoding',
  'delimiter',
  'marker',
  'maxAge',
  'id',
  'firstDay',
  'lastDay',
  'dates',
];
const PLACES: readonly Place[] = ['id', 'firstDay', 'lastDay'];

const DAY_MS = 86_400_000;

/** What `fetch` says, with what isn't said; `fileProblems` has been through it. */
export function fileSourceOf({ fetch = {} }: Pick<SourceSettings, 'fetch'>): FileSource {
  const { file = '', content, format, encoding, delimiter, marker, maxAge, dates } = fetch;
  const { id, firstDay, lastDay } = fetch;
  return {
    file,
    content: content === 'full' ? 'full' : 'incremental',
    format: (format ?? endingOf(file)) === 'csv' ? 'csv' : 'jsonl',
    encoding: encoding ?? 'utf-8',
    dates: DATES.find((each) => each === dates) ?? 'YYYY-MM-DD',
    ...compact({
      delimiter: delimiter === undefined ? undefined : DELIMITERS[delimiter],
      marker,
      maxAgeMs: maxAge === undefined ? undefined : Number.parseInt(maxAge, 10) * DAY_MS,
      id,
      firstDay,
      lastDay,
    }),
  };
}

/** The object that an address `s3://bucket/key` names; undefined for a path. A grant would take `*` and `?` for patterns. */
export function s3ObjectOf(address: string): S3Object | undefined {
  const [, bucket, key] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])\/([^*?$]+)$/.exec(address) ?? [];
  return bucket === undefined || key === undefined ? undefined : { bucket, key };
}

/** The objects of S3 that a source reads. */
export function objectsOf({ preset, fetch = {} }: SourceSettings): S3Object[] {
  if (preset !== 'file') return [];
  return [fetch.file, fetch.marker].flatMap((each) => (each === undefined ? [] : (s3ObjectOf(each) ?? [])));
}

/** What is wrong with a source that is a file, or one that is listed at an address of its own (`fetch.list`). */
export function fileProblems(name: string, { preset, fetch = {}, map }: SourceSettings): Problem[] {
  if (preset !== 'file' && fetch.list === undefined) return [];
  const at = (...keys: string[]) => ['sources', name, 'fetch', ...keys];
  const problems: Problem[] = [];
  const refuse = (key: Key, message: string) => problems.push({ path: at(key), message });
  const isOneOf = (key: Key, values: readonly string[], usual?: string) => {
    const value = fetch[key] ?? usual;
    if (value === undefined || !values.includes(value)) refuse(key, `one of ${values.join(', ')}`);
  };
  for (const key of PLACES) {
    const place = fetch[key];
    if (place === undefined) continue;
    try {
      compilePayloadPath(place);
    } catch (error) {
      if (!(error instanceof ScimInputError)) throw error;
      refuse(key, error.message);
    }
  }
  isOneOf('dates', DATES, 'YYYY-MM-DD');
  if (preset !== 'file') {
    isOneOf('content', ['full', 'incremental'], 'incremental');
    if (map === undefined)
      problems.push({ path: at('list'), message: 'needs a map over each of its entries beside it' });
    return problems;
  }
  if (fetch.file === undefined) refuse('file', 'a path, or s3://bucket/key');
  for (const key of ['file', 'marker'] as const) {
    const value = fetch[key];
    if (value !== undefined && /^[a-z][a-z0-9+.-]*:\/\//i.test(value) && s3ObjectOf(value) === undefined)
      refuse(key, 'a path, or s3://bucket/key');
  }
  if (fetch.content === undefined) {
    refuse(
      'content',
      'full, if the file has everybody, so that who is missing has left; or incremental, if it has only who changed',
    );
  } else isOneOf('content', ['full', 'incremental']);
  if (fetch.file !== undefined && endingOf(fetch.file) === undefined && fetch.format === undefined) {
    refuse('format', 'csv or jsonl: the name of the file does not tell');
  } else isOneOf('format', ['csv', 'jsonl'], 'csv');
  isOneOf('encoding', ENCODINGS, 'utf-8');
  isOneOf('delimiter', Object.keys(DELIMITERS), ',');
  if (fetch.maxAge !== undefined && !/^[1-9]\d{0,2}d$/.test(fetch.maxAge))
    refuse('maxAge', 'days, such as 3d');
  for (const key of Object.keys(fetch)) {
    if (!KEYS.some((known) => known === key))
      problems.push({ path: at(key), message: `is none of ${KEYS.join(', ')}` });
  }
  return problems;
}

function endingOf(file: string): 'csv' | 'jsonl' | undefined {
  if (/\.(csv|tsv|txt)$/i.test(file)) return 'csv';
  return /\.(jsonl|ndjson)$/i.test(file) ? 'jsonl' : undefined;
}
