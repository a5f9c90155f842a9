import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type PersonRecord, PRIORITY } from '../../functions/directory/record.ts';
import { ENTERPRISE, openCentre, prepareCentre } from './centre.ts';
import { PATIENCE_MS, run, runJson, type Surroundings, start } from './program.ts';

let centre: Awaited<ReturnType<typeof prepareCentre>>;

beforeAll(async () => {
  centre = await prepareCentre();
}, PATIENCE_MS);
afterAll(() => centre.remove());

/** Everybody in a directory. */
async function everybody(data: string): Promise<PersonRecord[]> {
  const { directory, close } = openCentre(data);
  const all: PersonRecord[] = [];
  let after: string | undefined;
  do {
    const page = await directory.listPersons('demo', {
      limit: 1000,
      ...(after === undefined ? {} : { after }),
    });
    all.push(...page.persons);
    after = page.next;
  } while (after !== undefined);
  close();
  return all;
}

const rejectsOf = (file: string): Record<string, unknown>[] =>
  readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

let number = 0;

/** Imports a file with such a name and content into an empty directory. */
async function imported(
  content: string | Uint8Array,
  {
    name = 'people.csv',
    argv = [],
    surroundings = {},
  }: { name?: string; argv?: string[]; surroundings?: Surroundings } = {},
) {
  number += 1;
  const data = centre.empty(`import-${number}`);
  const file = centre.write(`import-${number}/${name}`, content);
  const { code, answer, stderr } = await runJson(
    ['--data-dir', data, 'import', file, '--apply', ...argv],
    surroundings,
  );
  const persons = (await everybody(data)).map(({ person }) => person);
  const rejects = answer.rejected === 0 ? [] : rejectsOf(String(answer.rejects));
  return { data, file, code, answer, stderr, persons, rejects };
}

const HEADER = 'userName,name.givenName,name.familyName,"emails[type eq ""work""].value",active,department';

describe('import', { timeout: PATIENCE_MS }, () => {
  it('reads only and stores nobody, unless it is told to', async () => {
    const data = centre.empty('dry');
    const file = centre.write('dry.csv', 'userName\nann@example.com\nben@example.com\n');
    const { code, stdout, stderr } = await run(['--data-dir', data, 'import', file]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`what       lines
─────────  ─────
new        2
changed    0
unchanged  0
rejected   0

What agents they would become is not known yet: --live asks SmartAssist for its names.
Nothing was stored: this was a dry run. --apply stores.
`);
    expect(await everybody(data)).toEqual([]);
    expect(existsSync(`${file}.rejects.jsonl`)).toBe(false);
  });

  it('stores persons who are due after those who join meanwhile, from a header of SCIM paths', async () => {
    const { data, code, answer } = await imported(
      `${HEADER}\nann@example.com,Ann,Example,ann@example.com,true,Billing\n`,
    );
    expect(code).toBe(0);
    expect(answer).toEqual({ applied: true, new: 1, changed: 0, unchanged: 0, rejected: 0 });
    expect(await everybody(data)).toEqual([
      expect.objectContaining({
        state: 'due',
        source: 'import',
        priority: PRIORITY.backfill,
        person: {
          schemas: expect.arrayContaining([ENTERPRISE]),
          userName: 'ann@example.com',
          name: { givenName: 'Ann', familyName: 'Example' },
          emails: [{ type: 'work', value: 'ann@example.com' }],
          active: true,
          [ENTERPRISE]: { department: 'Billing' },
        },
      }),
    ]);
  });

  it('changes nobody when it is done again, and only what a line says where it says something else', async () => {
    const first = `${HEADER}\nann@example.com,Ann,Example,ann@example.com,true,Billing\nben@example.com,Ben,Example,,,\n`;
    const { data, file } = await imported(first);
    const again = await runJson(['--data-dir', data, 'import', file, '--apply']);
    expect(again.answer).toEqual({ applied: true, new: 0, changed: 0, unchanged: 2, rejected: 0 });
    const other = centre.write(
      'other.csv',
      'userName,department\nANN@example.com,Support\nben@example.com,\n',
    );
    const { answer } = await runJson(['--data-dir', data, 'import', other, '--apply']);
    expect(answer).toEqual({ applied: true, new: 0, changed: 1, unchanged: 1, rejected: 0 });
    const [ann] = await everybody(data);
    expect(ann?.person).toMatchObject({
      name: { givenName: 'Ann', familyName: 'Example' },
      [ENTERPRISE]: { department: 'Support' },
    });
  });

  it('does not send somebody behind who has just joined', async () => {
    const data = centre.copy('joined');
    const opened = openCentre(data);
    const ada = await opened.find('ada@example.com');
    const dueAt = new Date().toISOString();
    await opened.directory.updatePerson(ada, { ...ada, version: ada.version + 1, state: 'due', dueAt });
    const file = centre.write('joined.csv', 'userName,title\nada@example.com,Lead\nbob@example.com,Lead\n');
    expect((await run(['--data-dir', data, 'import', file, '--apply'])).code).toBe(0);
    expect(await opened.find('ada@example.com')).toMatchObject({
      priority: PRIORITY.interactive,
      state: 'due',
    });
    expect(await opened.find('bob@example.com')).toMatchObject({ priority: PRIORITY.backfill, state: 'due' });
    opened.close();
  });

  it('brings somebody back who was deleted, as the file has the person', async () => {
    const data = centre.copy('back');
    const opened = openCentre(data);
    const ada = await opened.find('ada@example.com');
    await opened.directory.updatePerson(ada, {
      ...ada,
      version: ada.version + 1,
      deletedAt: new Date().toISOString(),
    });
    const file = centre.write('back.csv', 'userName,name.givenName\nada@example.com,Ada\n');
    const { answer } = await runJson(['--data-dir', data, 'import', file, '--apply']);
    expect(answer).toMatchObject({ new: 1, changed: 0 });
    const back = await opened.find('ada@example.com');
    expect(back.deletedAt).toBeUndefined();
    expect(back.id).toBe(ada.id);
    expect(back.person).toEqual({
      schemas: expect.any(Array),
      userName: 'ada@example.com',
      name: { givenName: 'Ada' },
    });
    opened.close();
  });
});

describe('import of CSV', { timeout: PATIENCE_MS }, () => {
  it('takes a byte-order mark, Windows line ends, quotes, and commas and line breaks within fields', async () => {
    const text = [
      `\uFEFF${HEADER}`,
      'ann@example.com,"Ann ""Annie"", the first\r\nof them",Example,ann@example.com,TRUE,Billing',
      'ben@example.com,Ben,Example,ben@example.com,false,',
      '',
    ].join('\r\n');
    const { code, persons, rejects } = await imported(text);
    expect({ code, rejects }).toEqual({ code: 0, rejects: [] });
    expect(persons).toMatchObject([
      {
        userName: 'ann@example.com',
        name: { givenName: 'Ann "Annie", the first\nof them' },
        active: true,
        [ENTERPRISE]: { department: 'Billing' },
      },
      { userName: 'ben@example.com', active: false },
    ]);
    expect(persons[1]).not.toHaveProperty(ENTERPRISE);
  });

  it('rejects lines that are Latin-1, and takes the others', async () => {
    const text = Buffer.from(
      `${HEADER}\nann@example.com,Andr\u00E9,Example,,,\nben@example.com,Ben,Example,,,\nren@example.com,Ren\u00E9,Example,,,\n`,
      'latin1',
    );
    const { code, persons, rejects, stderr } = await imported(text);
    expect(code).toBe(1);
    expect(persons).toMatchObject([{ userName: 'ben@example.com' }]);
    expect(rejects).toEqual([
      { line: 2, reason: 'There are bytes that are not UTF-8 here; save the file as UTF-8.' },
      { line: 4, reason: 'As line 2.' },
    ]);
    expect(stderr.match(/iconv -f WINDOWS-1252/g)).toHaveLength(1);
  });

  it('keeps blanks in quotes, and a replacement character that stands in the file', async () => {
    const { code, persons } = await imported(`${HEADER}\nann@example.com," Ann\uFFFD ", Example ,,,\n`);
    expect({ code, persons }).toMatchObject({
      code: 0,
      persons: [{ name: { givenName: ' Ann\uFFFD ', familyName: 'Example' } }],
    });
  });

  it('gives every line that it can not take a reason, and takes the others', async () => {
    const { code, answer, persons, rejects } = await imported(
      [
        HEADER,
        'ann@example.com,Ann,Example,,,',
        'too,few,fields',
        'ben@example.com,Ben,Example,,perhaps,',
        ',Nobody,Example,,,',
        '',
        ',,,,,',
        '"over\nlines",but,few',
        'ANN@example.com,Another,Example,,,',
        'cas@example.com,Cas "the" Example,Example,,,',
        'dan@example.com,"Dan" Example,Example,,,',
        'too,many,fields,,,,',
        'eva@example.com,Eva,Example,,,',
        'fay@example.com,"Fay,Example,,,',
        'gil@example.com,Gil,Example,,,',
      ].join('\n'),
    );
    expect(code).toBe(1);
    expect(persons.map(({ userName }) => userName)).toEqual(['ann@example.com', 'eva@example.com']);
    const quoting = 'put the whole field in quotes, and write each quote inside it twice ("").';
    expect(rejects).toEqual([
      { line: 3, reason: 'There are 3 fields here, and 6 in the header.' },
      { line: 4, reason: expect.stringMatching(/^active must be true or false, not "perhaps"/) },
      { line: 5, reason: 'userName is required and must not be blank.' },
      { line: 8, lastLine: 9, reason: 'There are 3 fields here, and 6 in the header.' },
      { line: 10, userName: 'ANN@example.com', reason: 'The userName is in line 2 already.' },
      { line: 11, reason: `A quote stands inside a field that does not begin with one; ${quoting}` },
      { line: 12, reason: `A field goes on behind its closing quote; ${quoting}` },
      { line: 13, reason: 'There are 7 fields here, and 6 in the header.' },
      {
        line: 15,
        lastLine: 16,
        reason: 'The quote that opens in line 15 is not closed before the file ends.',
      },
    ]);
    expect(answer).toMatchObject({ new: 2, rejected: 9 });
  });

  it('finds the same lines wrong in a dry run, and says where to read why', async () => {
    const data = centre.empty('dry-rejects');
    const file = centre.write(
      'dry-rejects.csv',
      'userName,active\nann@example.com,perhaps\nann@example.com,\nAnn@example.com,\n',
    );
    const { code, stdout } = await run(['--data-dir', data, 'import', file]);
    expect(code).toBe(1);
    expect(stdout).toContain('new        1\n');
    expect(stdout).toContain('rejected   2\n');
    expect(stdout).toContain(`What was rejected, and why: ${file}.rejects.jsonl\n`);
    expect(rejectsOf(`${file}.rejects.jsonl`).map(({ line }) => line)).toEqual([2, 4]);
  });

  it('loses a hundred lines at the most to a quote that is never closed', async () => {
    const lines = Array.from({ length: 300 }, (_, index) => `p${index}@example.com,Person`);
    lines[50] = 'p50@example.com,"Person';
    const { persons, rejects } = await imported(`userName,name.givenName\n${lines.join('\n')}\n`);
    expect(persons).toHaveLength(200);
    expect(rejects).toEqual([
      { line: 52, lastLine: 151, reason: 'The quote that opens in line 52 is not closed within 100 lines.' },
    ]);
  });

  it('takes columns by other names, passes over those that are not named, and knows semicolons', async () => {
    const { code, persons } = await imported(
      'Login;"Name, given";Wage;Mail\nann@example.com;Ann;100,00;ann@example.com\n',
      {
        argv: ['--columns', 'Login=userName,"Name, given=name.givenName",Mail=emails[type eq "work"].value'],
      },
    );
    expect(code).toBe(0);
    expect(persons).toEqual([
      {
        schemas: expect.any(Array),
        userName: 'ann@example.com',
        name: { givenName: 'Ann' },
        emails: [{ type: 'work', value: 'ann@example.com' }],
      },
    ]);
  });

  it.each([
    [
      'no userName',
      'name.givenName,department',
      [],
      /^No column is userName\. Say what the columns are: --columns/,
    ],
    [
      'a column that is no attribute',
      'userName,Vorname',
      [],
      /^column "Vorname": There is no attribute "Vorname"\..* Say what the columns are: --columns/,
    ],
    [
      'a column of several parts',
      'userName,name',
      [],
      /^column "name": name must be an object of .*givenName/,
    ],
    ['a column that nobody may write', 'userName,id', [], /^column "id": id is read-only/],
    ['a column that is never kept', 'userName,password', [], /^column "password": password is never kept/],
    ['two columns of one kind', 'userName,UserName', [], /^two columns are UserName/],
    [
      'a header in Latin-1',
      Buffer.from('userName,Pr\u00E9nom', 'latin1'),
      [],
      /^line 1, the header, .* not UTF-8/,
    ],
    ['nothing in it', '', [], / is empty$/],
    [
      'a column that is named and not there',
      'Login',
      ['--columns', 'Logn=userName'],
      /^the file has no column "Logn"; it has "Login"$/,
    ],
    [
      'columns that are no pairs',
      'Login',
      ['--columns', 'Login'],
      /^--columns takes Column=path,Column=path, not "Login"$/,
    ],
    ['a path that can not be read', 'Login', ['--columns', 'Login=emails[type'], /^column "Login": /],
    [
      'a filter that no new value fits',
      'userName,Mail',
      ['--columns', 'userName=userName,Mail=emails[type eq "work" or type eq "home"].value'],
      /^column "Mail": No value of emails/,
    ],
  ])('ends with 2 and stores nobody of a file with %s', async (_, header, argv, said) => {
    number += 1;
    const data = centre.empty(`header-${number}`);
    const line = Buffer.from('\nann@example.com,x\n');
    const content = header === '' ? '' : Buffer.concat([Buffer.from(header), line]);
    const file = centre.write(`header-${number}/people.csv`, content);
    const { code, stdout, stderr } = await run(['--data-dir', data, 'import', file, '--apply', ...argv]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trimEnd()).toMatch(said);
    expect(await everybody(data)).toEqual([]);
  });

  it('reads standard input, and has no place in it to go on from', async () => {
    const data = centre.empty('stream');
    const namesOf = (from: number) =>
      Array.from({ length: 250 }, (_, index) => `p${from + index}@example.com`);
    const argv = ['--data-dir', data, 'import', '-', '--apply'];
    const opened = openCentre(data);
    const first = start(process.execPath, ['cli/main.ts', ...argv], {
      input: `userName\n${namesOf(0).join('\n')}\n`,
      isOpen: true,
    });
    while (first.child.exitCode === null && (await opened.directory.countPersons('demo')) < 200) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    first.child.kill('SIGKILL');
    await first.ended;
    opened.close();
    const { code, stderr } = await run(argv, { input: `userName\n${namesOf(1000).join('\n')}\n` });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const there = (await everybody(data)).map(({ person }) => person.userName);
    expect(there).toEqual(expect.arrayContaining(namesOf(1000)));
    expect(there).toHaveLength(450);
  });
});

describe('import of JSONL', { timeout: PATIENCE_MS }, () => {
  it('takes whole persons, with a reason for each line that is none', async () => {
    const { code, persons, rejects } = await imported(
      [
        '\uFEFF{"userName":"ann@example.com","emails":[{"value":"ann@example.com","primary":true}]}\r',
        '{"userName":"ben@example.com"',
        '',
        '["userName","cas@example.com"]',
        '{"name":{"givenName":"Nobody"}}',
        '{"userName":"dan@example.com","active":"perhaps"}',
        '{"userName":"eva@example.com"}',
        '{"userName":"Ann@example.com"}',
      ].join('\n'),
      { name: 'people.jsonl' },
    );
    expect(code).toBe(1);
    expect(persons).toMatchObject([
      { userName: 'ann@example.com', emails: [{ value: 'ann@example.com', primary: true }] },
      { userName: 'eva@example.com' },
    ]);
    expect(rejects).toEqual([
      { line: 2, reason: expect.stringMatching(/^The line is not JSON: /) },
      { line: 4, reason: 'A User must be a JSON object, not a list.' },
      { line: 5, reason: 'userName is required and must not be blank.' },
      { line: 6, reason: expect.stringMatching(/^active must be true or false/) },
      { line: 8, userName: 'Ann@example.com', reason: 'The userName is in line 1 already.' },
    ]);
  });

  it('is known by its first character on standard input', async () => {
    const data = centre.empty('json-stream');
    const input = '{"userName":"ann@example.com"}\n';
    const { answer } = await runJson(['--data-dir', data, 'import', '-'], { input });
    expect(answer).toMatchObject({ applied: false, new: 1, rejected: 0 });
  });

  it('ends with 2 for a JSON list, and says how it is to be written', async () => {
    const { code, stderr } = await run(['--data-dir', centre.data, 'import', '-'], {
      input: '[{"userName":"a"}]',
    });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'standard input is a JSON list; write one person a line (JSONL)\n',
    });
  });

  it('rejects a line without end, and holds little of it', async () => {
    const { persons, rejects } = await imported(
      `{"userName":"ann@example.com","title":"${'x'.repeat(3_000_000)}"}\n{"userName":"ben@example.com"}\n`,
      { name: 'people.jsonl' },
    );
    expect(persons).toMatchObject([{ userName: 'ben@example.com' }]);
    expect(rejects).toEqual([{ line: 1, reason: 'The line is longer than 1000000 characters.' }]);
  });
});

describe('the rejects of an import', { timeout: PATIENCE_MS }, () => {
  it('go where it is said, and are gone when there are none any more', async () => {
    const data = centre.empty('elsewhere');
    const rejects = centre.at('elsewhere.jsonl');
    const argv = (file: string) => ['--data-dir', data, 'import', file, '--rejects', rejects];
    expect((await run(argv(centre.write('bad.csv', 'userName\n"\n')))).code).toBe(1);
    expect(rejectsOf(rejects)).toHaveLength(1);
    expect((await run(argv(centre.write('good.csv', 'userName\nann@example.com\n')))).code).toBe(0);
    expect(existsSync(rejects)).toBe(false);
  });

  it('never go over the file that is imported', async () => {
    const file = centre.write('precious.csv', 'userName\n"\n');
    const { code, stderr } = await run(['--data-dir', centre.data, 'import', file, '--rejects', file]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: `the rejects would go over ${file} itself\n` });
    expect(readFileSync(file, 'utf8')).toBe('userName\n"\n');
  });

  it('end it with 2 where they can not be written', async () => {
    const file = centre.write('unwritable.csv', 'userName\n"\n');
    const { code, stderr } = await run([
      '--data-dir',
      centre.data,
      'import',
      file,
      '--rejects',
      centre.at('no/such/file'),
    ]);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^the rejects can not be written to .*no\/such\/file: ENOENT/);
  });
});

describe('an import that is killed', { timeout: 2 * PATIENCE_MS }, () => {
  const LINES = 2_400;
  const EVERY_BAD = 200;

  it('goes on where it was: everybody is there once, and every line that could not be taken has its reason', async () => {
    const data = centre.empty('killed');
    const lines = Array.from({ length: LINES }, (_, index) =>
      index % EVERY_BAD === 7 ? `p${index}@example.com` : `p${index}@example.com,Person ${index}`,
    );
    const file = centre.write('killed.csv', `userName,name.givenName\n${lines.join('\n')}\n`);
    const argv = ['--data-dir', data, '--json', 'import', file, '--apply'];
    const opened = openCentre(data);
    const { child, ended } = start(process.execPath, ['cli/main.ts', ...argv]);
    let isOver = false;
    const watched = ended.then((end) => {
      isOver = true;
      return end;
    });
    while (!isOver && (await opened.directory.countPersons('demo')) < 300) {
      await new Promise((resolve) => setImmediate(resolve));
    }
    child.kill('SIGKILL');
    expect((await watched).code).toBe(null);
    const before = await opened.directory.countPersons('demo');
    opened.close();
    expect(before).toBeLessThan(LINES - LINES / EVERY_BAD);

    const { code, stdout, stderr } = await run(argv);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^Going on behind line \d+, where the last import of this file broke off\.\n$/);
    const counts = JSON.parse(stdout) as Record<string, number>;
    expect(counts.rejected).toBe(LINES / EVERY_BAD);
    expect((counts.new ?? 0) + (counts.unchanged ?? 0)).toBe(LINES - LINES / EVERY_BAD);
    const persons = await everybody(data);
    expect(persons).toHaveLength(LINES - LINES / EVERY_BAD);
    expect(new Set(persons.map(({ person }) => person.userName)).size).toBe(persons.length);
    expect(rejectsOf(`${file}.rejects.jsonl`).map(({ line }) => line)).toEqual(
      Array.from({ length: LINES / EVERY_BAD }, (_, index) => EVERY_BAD * index + 7 + 2),
    );

    const again = await run(argv);
    expect(again.stderr).toBe('');
    expect(JSON.parse(again.stdout)).toMatchObject({ new: 0, changed: 0, unchanged: persons.length });
  });
});

describe('import beside persons', { timeout: PATIENCE_MS }, () => {
  const TEXT = 'scim: { profile: auto }';
  const configured = () =>
    centre.configuration('import.yaml', [
      TEXT,
      `${TEXT}\n    sources: { okta: { preset: okta-event-hook } }`,
    ]);
  const CSV = [
    'userName,name.givenName,name.familyName,groups,id',
    'ann@example.com,Ann,Example,Contact Centre Billing|Night,00u1',
    'ben@example.com,Ben,Example,,00u2',
    'cas@example.com,Cas,Example,Night,00u2',
    '',
  ].join('\n');

  it('puts people into groups, those of the column and of --groups, and links them to a source', async () => {
    const argv = ['--groups', 'Everybody', '--source', 'okta', '--configuration', configured()];
    const { code, answer, rejects, data, file } = await imported(CSV, { argv });
    expect({ code, answer }).toMatchObject({ code: 1, answer: { new: 2, rejected: 1 } });
    expect(rejects).toEqual([
      { line: 4, userName: 'cas@example.com', reason: 'The id is in line 3 already.' },
    ]);
    const opened = openCentre(data);
    const [ann, ben] = [await opened.find('ann@example.com'), await opened.find('ben@example.com')];
    const namesOf = async (id: string, { directory } = opened) =>
      (await directory.groupsOf('demo', id)).map(({ display }) => display).toSorted();
    expect(await namesOf(ann.id)).toEqual(['Contact Centre Billing', 'Everybody', 'Night']);
    expect(await namesOf(ben.id)).toEqual(['Everybody']);
    expect([ann.links?.okta?.id, ben.links?.okta?.id]).toEqual(['00u1', '00u2']);
    opened.close();
    const again = await runJson(['--data-dir', data, 'import', file, '--apply', ...argv]);
    expect(again.answer).toMatchObject({ new: 0, changed: 0, unchanged: 2, rejected: 1 });
    const late = ['--groups', 'Everybody', '--groups', 'Night', ...argv.slice(2)];
    const joined = await runJson(['--data-dir', data, 'import', file, '--apply', ...late]);
    expect(joined.answer).toMatchObject({ new: 0, changed: 1, unchanged: 1, rejected: 1 });
    const reopened = openCentre(data);
    expect(await namesOf(ben.id, reopened)).toEqual(['Everybody', 'Night']);
    expect((await reopened.find('ben@example.com')).version).toBeGreaterThan(ben.version);
    expect((await reopened.find('ann@example.com')).version).toBe(ann.version);
    reopened.close();
    const other = centre.write('other.csv', 'userName,id\nzoe@example.com,00u2\nann@example.com,00u9\n');
    const held = await runJson(['--data-dir', data, 'import', other, ...argv]);
    expect(rejectsOf(String(held.answer.rejects)).map(({ reason }) => reason)).toEqual([
      'okta has the id 00u2 for ben@example.com.',
      'okta has the id 00u1 for the person, and not 00u9.',
    ]);
    const wrong = await run(['--data-dir', data, 'import', file, '--source', 'otka', '-c', configured()]);
    expect(wrong.stderr).toContain('has no source otka; it has okta. Did you mean "okta"?');
  });

  it('says in a dry run what agents people would become, and of those who fail why, most first', async () => {
    const data = centre.empty('import-dry');
    const file = centre.write(
      'dry.csv',
      [
        HEADER,
        `ann@example.com,${'x'.repeat(60)},Example,ann@example.com,,`,
        `ben@example.com,${'y'.repeat(60)},Example,ben@example.com,,`,
        'cas@example.com,Cas,Example,cas@example.com,,',
        'dan@example.com,Dan,Example,cas@example.com,,',
        'eva@example.com,Eva,Example,eva@example.com,false,',
        '',
      ].join('\n'),
    );
    const argv = ['--data-dir', data, 'import', file, '--catalogue', centre.catalogue];
    const { answer } = await runJson(argv);
    expect(answer).toMatchObject({
      applied: false,
      new: 5,
      effects: { create: 1, fail: 3, wait: 1 },
      failed: [
        {
          reason: 'unusable-value',
          fields: ['firstName'],
          count: 2,
          examples: [{ userName: 'ann@example.com' }, { userName: 'ben@example.com' }],
        },
        { reason: 'uniqueness', fields: ['emailId'], count: 1 },
      ],
    });
    const { stdout } = await run(argv);
    expect(stdout).toContain('Agents: 1 new, 0 changed, 0 back, 0 out of service.');
    expect(stdout).toContain('1 person would be none: provisionWhen does not hold.');
    expect(stdout).toMatch(
      /^3 persons would fail:\n {2}2 persons: unusable-value in firstName\. .*\n {4}ann@example\.com: name\.givenName/m,
    );
    expect(stdout).toMatch(
      /^ {4}dan@example\.com: emailId: cas@example\.com is to be the address of the agent of "cas@example\.com"/m,
    );
    expect(await everybody(data)).toEqual([]);
  });
});
