import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type FauxqsServer, startFauxqs } from 'fauxqs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { systemClock } from '../../functions/runtime/clock.ts';
import { noTrouble, type StandIn } from '../../local/providers/stand-in.ts';
import { openSyncWorld } from './world.ts';

const NOTHING: StandIn = { answer: () => ({ status: 500 }), trouble: noTrouble(), calls: new Map() };
const BUCKET = 'acme-hr-exports';
const KEY = 'people/all people.csv';

let server: FauxqsServer;
let client: S3Client;
const before = { ...process.env };
beforeAll(async () => {
  server = await startFauxqs({ port: 0, logger: false, init: { buckets: [BUCKET] } });
  Object.assign(process.env, {
    AWS_ENDPOINT_URL_S3: server.address,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  client = new S3Client({ forcePathStyle: true });
});
afterAll(async () => {
  process.env = before;
  await server?.stop();
});

const put = (text: string) => client.send(new PutObjectCommand({ Bucket: BUCKET, Key: KEY, Body: text }));

const rows = (people: number) =>
  [
    'externalId,userName',
    ...Array.from({ length: people }, (_, row) => `E${row},person-${row}@acme.test`),
  ].join('\n');

function openS3World() {
  return openSyncWorld({
    source: { preset: 'file', fetch: { file: `s3://${BUCKET}/${KEY}`, content: 'full' }, sync: {} },
    credentials: [],
    standIn: () => NOTHING,
  });
}

it('a file in S3 is read in parts, and an object that was replaced meanwhile is another file', async () => {
  const { sync, synced, clock } = openS3World();
  clock.advance(systemClock.now() - clock.now());
  expect(await synced('initial')).toMatchObject({
    outcome: 'incomplete',
    reason: `s3://${BUCKET}/${KEY} is not there`,
  });
  await put(rows(520));
  const end = await sync('initial', { onPage: async () => void (await put(rows(510))) });
  expect(end).toMatchObject({ outcome: 'cursor-lost', reason: expect.stringContaining('was replaced') });
  expect(await synced('initial')).toMatchObject({ outcome: 'complete', rows: 510 });
  expect(await synced('delta')).toMatchObject({ rows: 0 });
  await put(rows(511));
  expect(await sync('delta')).toMatchObject({ outcome: 'cursor-lost', reason: 'there is another file' });
  expect(await synced('full')).toMatchObject({ counts: { unchanged: 510, new: 1 } });
});
