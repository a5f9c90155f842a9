import { beforeEach, describe, expect, it } from 'vitest';
import { type Directory, openDirectory } from '../../functions/directory/directory.ts';
import { MAX_RACES } from '../../functions/directory/errors.ts';
import { memoryTable } from '../../functions/directory/memory.ts';
import type { PersonRecord } from '../../functions/directory/record.ts';
import { areAllHoldersKnown } from '../../functions/provision/agent/holders.ts';
import { keepAgentHolders } from '../../functions/reconcile/holder-keys.ts';
import { silentLog } from '../../functions/runtime/log.ts';
import type { CallTerms } from '../../functions/smartassist/client.ts';
import { aPerson, next } from '../contract/directory.ts';

const ACCOUNT = 'account:one';
const MINUTE_MS = 60_000;

let now: number;
let directory: Directory;
/** The pages of records that were read, by the record behind which each begins. */
let pages: (string | undefined)[];
/** What SmartAssist answers to the question for an agent, and how it was asked. */
let answer: { outcome: string; value?: object; waitMs?: number };
let asked: CallTerms[];
const clock = {
  now: () => now,
  sleep: async (milliseconds: number) => {
    now += milliseconds;
  },
};

beforeEach(() => {
  now = Date.UTC(2030, 0, 1);
  pages = [];
  asked = [];
  answer = { outcome: 'not-found' };
  const opened = openDirectory(memoryTable(clock), clock);
  directory = {
    ...opened,
    listRecords: (tenant, page) => {
      pages.push(page.after);
      return opened.listRecords(tenant, page);
    },
  };
});

function keep(until = MINUTE_MS, account = ACCOUNT, its: Directory = directory): Promise<boolean> {
  const client = {
    getAgent: async (_agentId: string, terms: CallTerms) => {
      asked.push(terms);
      return answer;
    },
  };
  const provisioning = { name: 'demo', account, client } as never;
  return keepAgentHolders(provisioning, { directory: its, clock, log: silentLog } as never, now + until);
}

/** A person as version 0.1.0 wrote it: with the id of an agent, and no account with it. */
async function former(id: string, agentId = `a-${id}`): Promise<PersonRecord> {
  const record = aPerson('demo', id, { agent: { customId: `c-${id}`, presence: 'active', agentId } });
  await directory.createPerson(record);
  return record;
}

const holderOf = async (agentId: string, account = ACCOUNT) =>
  (await directory.agentHolder(account, agentId))?.id;
const isKnown = (account = ACCOUNT) => areAllHoldersKnown(directory, account, ['demo']);
const agentOf = async (id: string) => (await directory.readPerson('demo', id))?.agent;

describe('the agents of records from before there were keys', () => {
  it('are kept as their persons’, page by page, and once done that costs one read', async () => {
    const ids = Array.from({ length: 130 }, (_, index) => `p${String(index).padStart(3, '0')}`);
    for (const id of ids) await former(id);
    expect(await keep()).toBe(true);
    expect(pages).toEqual([undefined, 'p099']);
    for (const id of ids) expect(await holderOf(`a-${id}`)).toBe(id);
    expect(await isKnown()).toBe(true);
    expect(await keep()).toBe(true);
    expect(pages).toHaveLength(2);
    expect(asked).toEqual([]);
  });

  it('are gone on with behind the page at which the time was over', async () => {
    for (let index = 0; index < 101; index += 1) await former(`p${String(index).padStart(3, '0')}`);
    const slow: Directory = {
      ...directory,
      listRecords: (...terms) => {
        now += 10_000;
        return directory.listRecords(...terms);
      },
    };
    expect(await keep(10_500, ACCOUNT, slow)).toBe(false);
    expect(await isKnown()).toBe(false);
    expect(await holderOf('a-p100')).toBeUndefined();
    expect(await keep()).toBe(true);
    expect(pages).toEqual([undefined, 'p099']);
    expect(await holderOf('a-p100')).toBe('p100');
  });

  it('are not begun with less than a second left', async () => {
    await former('ada');
    expect(await keep(1_000)).toBe(false);
    expect(pages).toEqual([]);
    expect(await keep(1_001)).toBe(true);
  });

  it('are kept anew where the tenant has another account by now', async () => {
    await former('ada');
    await keep();
    expect(await keep(MINUTE_MS, 'account:two')).toBe(true);
    expect(await isKnown('account:two')).toBe(true);
    expect(await holderOf('a-ada', 'account:two')).toBe('ada');
  });

  it('are written once: a record whose agent is kept, and one without an agent, stay as they are', async () => {
    await former('ada');
    await directory.createPerson(aPerson('demo', 'none'));
    await keep();
    const records = await directory.listRecords('demo', { limit: 9 });
    await directory.eraseDocument('demo', 'agent-holders');
    const writing: Directory = {
      ...directory,
      updatePerson: async () => {
        throw new Error('nothing is to be written');
      },
    };
    expect(await keep(MINUTE_MS, ACCOUNT, writing)).toBe(true);
    expect(await directory.listRecords('demo', { limit: 9 })).toEqual(records);
  });

  it('are those of the record as another writer leaves it', async () => {
    const ada = await former('ada');
    let races = 0;
    const racing: Directory = {
      ...directory,
      updatePerson: async (before, after) => {
        if (races++ === 0) {
          const lease = { holder: 'other', until: now };
          await directory.updatePerson(ada, next(ada, { lease, agent: { ...ada.agent, agentId: 'a-new' } }));
        }
        return directory.updatePerson(before, after);
      },
    };
    expect(await keep(MINUTE_MS, ACCOUNT, racing)).toBe(true);
    expect(await holderOf('a-new')).toBe('ada');
    expect(await holderOf('a-ada')).toBeUndefined();
  });

  it('are nobody’s where the record is erased meanwhile', async () => {
    const ada = await former('ada');
    const erasing: Directory = {
      ...directory,
      updatePerson: async (before, after) => {
        await directory.erasePerson(ada);
        return directory.updatePerson(before, after);
      },
    };
    expect(await keep(MINUTE_MS, ACCOUNT, erasing)).toBe(true);
    expect(await holderOf('a-ada')).toBeUndefined();
  });

  it('are left to the next run where other writers never let go of a record', async () => {
    const ada = await former('ada');
    let tries = 0;
    const busy: Directory = {
      ...directory,
      updatePerson: async () => {
        tries += 1;
        return { ok: false, reason: 'changed', current: { ...ada, lease: { holder: 'other', until: now } } };
      },
    };
    expect(await keep(MINUTE_MS, ACCOUNT, busy)).toBe(false);
    expect(tries).toBe(MAX_RACES);
    expect(await isKnown()).toBe(false);
    expect(await keep()).toBe(true);
  });
});

describe('an agent that two records name', () => {
  beforeEach(async () => {
    await former('ada', 'a-1');
    await former('eve', 'a-1');
  });
  const givenUp = { customId: expect.any(String), presence: 'none' };

  it.each([
    ['c-ada', 'ada', 'eve'],
    ['c-eve', 'eve', 'ada'],
    ['c-other', 'ada', 'eve'],
    [undefined, 'ada', 'eve'],
  ])(
    'with the Custom ID %s is left to %s, and %s gets an agent of its own',
    async (customId, keeper, other) => {
      answer = { outcome: 'ok', value: { id: 'a-1', customId } };
      expect(await keep()).toBe(true);
      expect(await holderOf('a-1')).toBe(keeper);
      expect(await agentOf(keeper)).toMatchObject({ agentId: 'a-1', account: ACCOUNT, presence: 'active' });
      expect(await agentOf(other)).toEqual(givenUp);
      expect(await directory.readPerson('demo', other)).toMatchObject({
        state: 'due',
        attempts: { unknown: true },
      });
    },
  );

  it('that is gone is left to the one that has it', async () => {
    expect(await keep()).toBe(true);
    expect(await holderOf('a-1')).toBe('ada');
    expect(await agentOf('eve')).toEqual(givenUp);
  });

  it('is asked for behind joiners, and no longer than there is time', async () => {
    answer = { outcome: 'no-slot', waitMs: 400 };
    const until = now + 3_000;
    expect(await keep(3_000)).toBe(false);
    expect(now).toBeLessThan(until);
    expect(asked.length).toBeGreaterThan(3);
    for (const terms of asked) expect(terms).toEqual({ urgency: 'backfill', deadline: until });
  });

  it('stays with both until SmartAssist says whose it is', async () => {
    answer = { outcome: 'unreachable' };
    const before = await agentOf('eve');
    expect(await keep()).toBe(false);
    expect(await agentOf('eve')).toEqual(before);
    answer = { outcome: 'ok', value: { id: 'a-1', customId: 'c-eve' } };
    expect(await keep()).toBe(true);
    expect(await holderOf('a-1')).toBe('eve');
  });

  it('is decided about by the next run where the one to give it up is written meanwhile', async () => {
    const racing: Directory = {
      ...directory,
      updatePerson: async (before, after) =>
        after.state === 'due' ? { ok: false, reason: 'changed' } : directory.updatePerson(before, after),
    };
    expect(await keep(MINUTE_MS, ACCOUNT, racing)).toBe(false);
    expect(await isKnown()).toBe(false);
    expect(await keep()).toBe(true);
    expect(await agentOf('eve')).toEqual(givenUp);
  });
});
