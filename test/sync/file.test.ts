import { mkdtempSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { noTrouble, type StandIn } from '../../local/providers/stand-in.ts';
import { openSyncWorld } from './world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

const NOTHING: StandIn = { answer: () => ({ status: 500 }), trouble: noTrouble(), calls: new Map() };

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provisioner-file-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A tenant whose people come from one file, and the file. */
function openFileWorld(
  fetch: Readonly<Record<string, string>>,
  more: Readonly<Record<string, unknown>> = {},
  name = 'people.csv',
) {
  const path = join(folder, name);
  const world = openSyncWorld({
    source: { preset: 'file', fetch: { file: path, ...fetch }, sync: {}, ...more },
    credentials: [],
    standIn: () => NOTHING,
    tenant: { timeZone: 'Europe/Berlin' },
  });
  let drops = 0;
  /** The file is replaced, as one is that was uploaded under another name, and last written two minutes ago. */
  const drop = (content: string | Uint8Array, age = 120_000) => {
    drops += 1;
    const uploaded = join(folder, `.${drops}`);
    writeFileSync(uploaded, content);
    const at = (world.clock.now() - age) / 1_000;
    utimesSync(uploaded, at, at);
    renameSync(uploaded, path);
  };
  return { ...world, path, drop };
}

const HEADER = 'externalId,userName,name.givenName,name.familyName,active';
const rows = (...numbers: number[]) =>
  [
    HEADER,
    ...numbers.map((number) => `E${number},person-${number}@acme.test,Given ${number},Family ${number},true`),
  ].join('\n');
const upTo = (number: number) => Array.from({ length: number }, (_, index) => index + 1);

describe('a file that has everybody', () => {
  it('is read in parts, and costs nothing about anybody when it says the same', async () => {
    const { drop, synced, everybody, inService, clock } = openFileWorld({ content: 'full' });
    drop(rows(...upTo(503)));
    expect(await synced('initial')).toMatchObject({ outcome: 'complete', rows: 503, counts: { new: 503 } });
    expect((await inService()).length).toBe(503);
    const before = await everybody();
    clock.advance(DAY_MS);
    drop(rows(...upTo(503)));
    expect(await synced('full')).toMatchObject({ counts: { unchanged: 503 } });
    expect(await everybody()).toEqual(before);
  });

  it('puts out who is missing from two editions, and nobody by reading one of them twice', async () => {
    const { drop, synced, inService, clock } = openFileWorld({ content: 'full' });
    drop(rows(...upTo(10)));
    await synced('initial');
    clock.advance(DAY_MS);
    drop(rows(...upTo(9)));
    expect(await synced('full')).toMatchObject({ counts: { unchanged: 9, kept: 1 } });
    for (let night = 0; night < 3; night += 1) {
      clock.advance(DAY_MS);
      expect(await synced('full')).toMatchObject({ counts: { unchanged: 9 } });
    }
    expect((await inService()).length).toBe(10);
    drop(rows(...upTo(9)));
    expect(await synced('full')).toMatchObject({ counts: { unchanged: 9, gone: 1 } });
    expect((await inService()).length).toBe(9);
  });

  it('puts nobody out when it is much shorter than the last one, until an operator says so', async () => {
    const { drop, synced, inService, clock } = openFileWorld({ content: 'full' });
    drop(rows(...upTo(10)));
    await synced('initial');
    for (let day = 0; day < 3; day += 1) {
      clock.advance(DAY_MS);
      drop(rows(...upTo(6)));
      expect(await synced('full')).toMatchObject({ outcome: 'incomplete' });
    }
    expect((await inService()).length).toBe(10);
    await synced('full', { accept: 6 });
    clock.advance(DAY_MS);
    drop(rows(...upTo(6)));
    await synced('full');
    expect((await inService()).length).toBeLessThan(10);
  });

  it('lists rows that are nobody, and has nobody missing by such an edition', async () => {
    const { drop, synced, inService, clock } = openFileWorld({ content: 'full' });
    drop(rows(...upTo(10)));
    await synced('initial');
    const broken = rows(...upTo(9)).concat(
      '\n,,No key,Family,true\nE11,too,few\nE10,person-10@acme.test,"A,B,true',
    );
    for (let day = 0; day < 2; day += 1) {
      clock.advance(DAY_MS);
      drop(broken);
      expect(await synced('full')).toMatchObject({
        outcome: 'complete',
        counts: { unchanged: 9, unusable: 3 },
        findings: [
          { id: 'line 11', reason: 'it has no externalId, id or userName' },
          { id: 'line 12', reason: 'there are 3 fields, and 5 columns in the header' },
          { id: 'line 13', reason: 'The quote that opens in line 13 is not closed before the file ends.' },
        ],
      });
    }
    expect((await inService()).length).toBe(10);
  });

  it('is read at once when there is another one, and not before', async () => {
    const { drop, synced, sync, clock } = openFileWorld({ content: 'full' });
    drop(rows(...upTo(3)));
    await synced('initial');
    clock.advance(HOUR_MS);
    expect(await synced('delta')).toMatchObject({ rows: 0, counts: {} });
    drop(rows(...upTo(4)));
    expect(await sync('delta')).toMatchObject({ outcome: 'cursor-lost', reason: 'there is another file' });
    expect(await synced('full')).toMatchObject({ counts: { unchanged: 3, new: 1 } });
    expect(await synced('delta')).toMatchObject({ rows: 0 });
  });

  it('is left alone while it may still be written to', async () => {
    const { drop, synced, clock } = openFileWorld({ content: 'full' });
    const before = clock.now();
    drop(rows(...upTo(3)), 20_000);
    await synced('initial');
    expect(clock.now() - before).toBe(40_000);
  });

  it('is left alone until its marker is younger', async () => {
    const marker = join(folder, 'people.done');
    const { drop, synced, clock } = openFileWorld({ content: 'full', marker });
    drop(rows(...upTo(3)), 0);
    expect(await synced('initial')).toMatchObject({
      outcome: 'incomplete',
      reason: expect.stringContaining(`has no ${marker} that is younger`),
    });
    writeFileSync(marker, '');
    const at = clock.now() / 1_000;
    utimesSync(marker, at, at);
    expect(await synced('initial')).toMatchObject({ outcome: 'complete', counts: { new: 3 } });
  });

  it('is never one half of one edition and one of another', async () => {
    const { drop, sync, synced, clock } = openFileWorld({ content: 'full' });
    drop(rows(...upTo(520)));
    const end = await sync('initial', {
      onPage: async () => {
        clock.advance(1_000);
        drop(rows(...upTo(510)));
      },
    });
    expect(end).toMatchObject({ outcome: 'cursor-lost', reason: expect.stringContaining('was replaced') });
    expect(await synced('initial')).toMatchObject({ outcome: 'complete', rows: 510 });
  });

  it('that is older than maxAge says nothing of anybody', async () => {
    const { drop, synced, clock } = openFileWorld({ content: 'full', maxAge: '3d' });
    drop(rows(...upTo(3)));
    await synced('initial');
    clock.advance(4 * DAY_MS);
    expect(await synced('full')).toMatchObject({
      outcome: 'incomplete',
      reason: expect.stringContaining('was last written 4 days ago'),
    });
  });

  it('that is not there, or is empty, puts nobody out', async () => {
    const { drop, path, synced, inService, clock } = openFileWorld({ content: 'full' });
    drop(rows(...upTo(3)));
    await synced('initial');
    rmSync(path);
    expect(await synced('full')).toMatchObject({ outcome: 'incomplete', reason: `${path} is not there` });
    drop('');
    clock.advance(DAY_MS);
    const end = await synced('full').catch((error: Error) => error.message);
    expect(JSON.stringify(end)).toContain('is empty');
    expect((await inService()).length).toBe(3);
  });
});

describe('a file of those who changed', () => {
  it('says nothing of others, and is read when there is another one', async () => {
    const { drop, synced, inService, clock } = openFileWorld({ content: 'incremental' });
    drop(rows(...upTo(10)));
    await synced('initial');
    clock.advance(HOUR_MS);
    expect(await synced('delta')).toMatchObject({ rows: 0 });
    drop(
      `${HEADER}\nE1,person-1@acme.test,Given 1,Family 1,false\nE11,person-11@acme.test,Given,Family,true`,
    );
    expect(await synced('delta')).toMatchObject({ rows: 2, counts: { gone: 1, new: 1 } });
    clock.advance(DAY_MS);
    drop(rows(2));
    expect(await synced('full')).toMatchObject({ outcome: 'complete', counts: { unchanged: 1 } });
    expect((await inService()).length).toBe(10);
  });
});

describe('rows', () => {
  it('have the columns that map names, days in their form, groups, and any text in quotes', async () => {
    const { drop, synced, settle, person, clock } = openFileWorld(
      {
        content: 'full',
        id: '"Personnel no."',
        firstDay: 'Entry',
        lastDay: 'Exit',
        dates: 'DD.MM.YYYY',
        encoding: 'windows-1252',
        delimiter: ';',
      },
      {
        map: {
          userName: '"E-mail (work)" | Login',
          'name.givenName': '"First name"',
          'name.familyName': 'Surname',
          'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department': 'Dept',
          groups: 'Teams',
          active: 'Status ne "Left"',
        },
      },
    );
    const day = (after: number) =>
      new Date(clock.now() + after * DAY_MS).toISOString().slice(0, 10).split('-').reverse().join('.');
    drop(
      Buffer.from(
        [
          'Personnel no.;E-mail (work);Login;First name;Surname;Dept;Teams;Status;Entry;Exit',
          `007;jörg@acme.test;j;Jörg;"Müller; ""Jo""\r\nSenior";Service;"Billing; Refunds";Here;01.02.2020;`,
          `008;;late@acme.test;Late;Joiner;Service;;Here;${day(5)};`,
          `009;gone@acme.test;g;Gone;Person;Service;;Left;01.02.2020;01.03.2021`,
        ].join('\r\n'),
        'latin1',
      ),
    );
    expect(await synced('initial')).toMatchObject({
      counts: { new: 1, waiting: 1, outside: 1 },
      findings: [],
    });
    const found = await person('jörg@acme.test');
    expect(found?.person).toMatchObject({
      name: { givenName: 'Jörg', familyName: 'Müller; "Jo"\nSenior' },
      'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User': { department: 'Service' },
    });
    expect(found?.links?.people?.id).toBe('007');
    expect(await person('late@acme.test')).toBeUndefined();
    clock.advance(6 * DAY_MS);
    await settle();
    expect((await person('late@acme.test'))?.person.active).not.toBe(false);
  });

  it('whose active is a word that means nothing are listed, and are there', async () => {
    const { drop, synced, inService, clock } = openFileWorld({ content: 'full' });
    drop(rows(1, 2, 3));
    await synced('initial');
    for (let day = 0; day < 2; day += 1) {
      clock.advance(DAY_MS);
      drop(rows(1, 2, 3).replace(/true$/, 'aktiv'));
      expect(await synced('full')).toMatchObject({
        counts: { unchanged: 2, unusable: 1 },
        findings: [{ id: 'E3', reason: expect.stringContaining('line 4: active is "aktiv"') }],
      });
    }
    expect((await inService()).length).toBe(3);
  });

  it('of JSONL are SCIM Users, or what map makes of them', async () => {
    const { drop, synced, inService, clock } = openFileWorld({ content: 'full' }, {}, 'people.jsonl');
    const user = (number: number) =>
      JSON.stringify({
        id: `E${number}`,
        userName: `person-${number}@acme.test`,
        name: { givenName: 'Given', familyName: 'Family' },
        emails: [{ value: `person-${number}@acme.test`, primary: true }],
        active: true,
      });
    drop(`${user(1)}\n\n${user(2)}\n`);
    expect(await synced('initial')).toMatchObject({ counts: { new: 2 } });
    clock.advance(DAY_MS);
    drop(`${user(1)}\nnot JSON with a name in it\n[1]\n`);
    const read = await synced('full');
    expect(read).toMatchObject({
      outcome: 'complete',
      counts: { unchanged: 1, unusable: 2 },
      findings: [
        { id: 'line 2', reason: 'it is not JSON' },
        { id: 'line 3', reason: 'it is no person' },
      ],
    });
    expect(await inService()).toEqual(['person-1@acme.test', 'person-2@acme.test']);
  });
});
