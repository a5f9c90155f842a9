import { PRIORITY } from '../../directory/record.ts';
import { ringingOnce } from '../../provision/services.ts';
import { compact } from '../../runtime/compact.ts';
import { errorText } from '../../runtime/error-text.ts';
import { FetchError } from '../fetcher.ts';
import { lookForAbsent } from './absence.ts';
import { askAgain } from './ask-again.ts';
import { whyIncomplete } from './complete.ts';
import { cursorOwner } from './cursor.ts';
import { CursorLost, type Page, type Row } from './listing.ts';
import { type Membership, readMembership } from './membership.ts';
import { NotNow, patiently } from './page.ts';
import { finishedOf, noted } from './progress.ts';
import { type Known, loadRoster } from './roster.ts';
import { idOf, inGroups, isNameless, signOf } from './row-groups.ts';
import { applyRow, type RowResult, type RowTerms } from './rows.ts';
import { syncSettingsOf } from './settings.ts';
import type { ListedSource } from './source.ts';
import {
  type Finished,
  type HeldState,
  holdState,
  keepIds,
  keptIds,
  LeaseLost,
  type ReadingKind,
  type SyncState,
  type UnderWay,
} from './state.ts';

/** How a reading, or a part of it, ended. */
export type ReadingEnd =
  | { readonly outcome: 'done'; readonly kind: ReadingKind; readonly finished: Finished }
  /** It goes on with the next call, not before `from` (epoch milliseconds). */
  | { readonly outcome: 'later'; readonly reason: string; readonly from: number }
  /** Where changes go on isn't known (any more): everybody has to be read. */
  | { readonly outcome: 'cursor-lost'; readonly reason: string }
  /** Another function reads the source. */
  | { readonly outcome: 'busy' };

export interface ReadingOptions {
  readonly kind: ReadingKind;
  /** Epoch milliseconds by which it has to have returned. */
  readonly until: number;
  /** A list of at least so many people is taken for complete. */
  readonly accept?: number | undefined;
  /** Called after each page. */
  readonly onPage?: (underWay: UnderWay) => Promise<void>;
}

/** Ending takes so long, with what has to be kept. */
const MARGIN_MS = 10_000;
/** Persons applied side by side. */
const AT_ONCE = 32;
/** After so many failures in a row a reading begins anew. */
const FAILURES_TO_BEGIN_ANEW = 3;
/** Why no one leaves by being missing from a list that was read to its end. */
const SPARES = 'a row without an id may be of any person who is missing';
const RETRY_MS = 15 * 60_000;
const LONGEST_RETRY_MS = 6 * 3_600_000;

/** Reads a source: begins, or goes on where an earlier call of the same kind ended. */
export async function readSource(source: ListedSource, options: ReadingOptions): Promise<ReadingEnd> {
  const { services, tenant, name } = source;
  const held = await holdState(services, tenant, name);
  if (held === undefined) return { outcome: 'busy' };
  try {
    return await ringingOnce(services, (quiet) =>
      new Reading({ ...source, services: quiet }, held, options).run(),
    );
  } catch (error) {
    if (error instanceof LeaseLost) return { outcome: 'busy' };
    throw error;
  } finally {
    await held.release().catch((error: unknown) => {
      if (!(error instanceof LeaseLost)) throw error;
    });
  }
}

class Reading {
  readonly #source: ListedSource;
  readonly #held: HeldState;
  readonly #options: ReadingOptions;
  #underWay: UnderWay;
  #callsBefore = 0;
  /** Whom the source was linked to when the reading began; undefined for a delta. */
  #roster: Map<string, Known> | undefined;
  #membership: Membership | undefined;
  readonly #seen = new Set<string>();
  readonly #totals: number[] = [];

  constructor(source: ListedSource, held: HeldState, options: ReadingOptions) {
    this.#source = source;
    this.#held = held;
    this.#options = options;
    const { underWay } = held.state();
    const isSame = underWay?.kind === options.kind;
    const now = new Date(source.services.clock.now()).toISOString();
    this.#underWay = isSame ? underWay : begun(options.kind, now);
    if (options.accept !== undefined) this.#underWay = { ...this.#underWay, accept: options.accept };
    this.#callsBefore = this.#underWay.calls;
  }

  async run(): Promise<ReadingEnd> {
    const { kind } = this.#options;
    try {
      if (!(await this.#prepare())) {
        return { outcome: 'cursor-lost', reason: 'where changes go on is not known' };
      }
      if (this.#underWay.phase === 'pages') {
        await this.#readPages();
        const reason = kind === 'delta' ? undefined : this.#whyIncomplete();
        if (reason !== undefined) return await this.#incomplete(reason);
        if (kind === 'full') await this.#beginAbsence();
      }
      if (this.#underWay.phase === 'absence') await this.#absence();
      return await this.#done();
    } catch (error) {
      if (error instanceof NotNow) return this.#later(error.message, error.from);
      if (error instanceof CursorLost) return this.#cursorLost(error);
      if (error instanceof FetchError) return this.#failed(error);
      throw error;
    }
  }

  /** Makes ready what the reading needs; false where changes are asked for and nobody knows since when. */
  async #prepare(): Promise<boolean> {
    const { listing, context, services, tenant, name } = this.#source;
    const { cursor } = this.#held.state();
    if (this.#options.kind === 'delta') {
      if (listing.changes === undefined || cursor === undefined) return false;
      const reason = this.#whyLost(cursor);
      if (reason !== undefined) throw new CursorLost(reason);
      if (this.#underWay.place === undefined) this.#underWay = { ...this.#underWay, place: cursor.value };
      return true;
    }
    if (
      this.#underWay.phase === 'pages' &&
      this.#underWay.place === undefined &&
      listing.begin !== undefined &&
      // Its cursor would not be used: changes go on where they were.
      !this.#goesOn(cursor)
    ) {
      const cursor = await this.#ask(async () => listing.begin?.(context));
      this.#underWay = { ...this.#underWay, ...compact({ cursor }) };
    }
    if (this.#underWay.phase === 'pages') {
      const before = this.#held.state().groups ?? [];
      this.#membership = await readMembership(this.#source, (ask) => this.#inTime(ask), before);
    }
    this.#roster = await loadRoster(services.directory, tenant, name);
    if (this.#underWay.phase !== 'pages' || this.#underWay.chunks === 0) return true;
    const seen = await keptIds(services, tenant, name, this.#underWay.chunks);
    // What was seen is forgotten: from the first page again.
    if (seen === undefined) this.#underWay = begun(this.#options.kind, this.#underWay.startedAt);
    for (const id of seen ?? []) this.#seen.add(id);
    return true;
  }

  /** Whether changes go on where they were. */
  #goesOn(cursor: SyncState['cursor']): cursor is NonNullable<SyncState['cursor']> {
    return cursor !== undefined && this.#whyLost(cursor) === undefined;
  }

  /** Why changes can't go on from a cursor; undefined where they can. */
  #whyLost({ of, at }: NonNullable<SyncState['cursor']>): string | undefined {
    const { listing, services } = this.#source;
    const { cursorLifeMs = Number.POSITIVE_INFINITY } = listing;
    if (Date.parse(at) + cursorLifeMs < services.clock.now()) return 'the cursor is too old';
    return of === cursorOwner(this.#source) ? undefined : 'the cursor is of another tenant or configuration';
  }

  async #readPages(): Promise<void> {
    const { services } = this.#source;
    const { kind, until, onPage } = this.#options;
    const places = new Set<string | undefined>([this.#underWay.place]);
    let lastSign: string | undefined;
    let asked = this.#askPage(this.#underWay.place);
    for (;;) {
      if (services.clock.now() + MARGIN_MS >= until) {
        await asked.catch(() => {});
        throw new NotNow('time is up', services.clock.now());
      }
      const { page, askedAt } = await asked;
      const sign = signOf(page.rows);
      const isSame = sign !== undefined && sign === lastSign;
      if (page.next !== undefined && (places.has(page.next) || isSame)) {
        throw new FetchError('the provider gives the same page again');
      }
      lastSign = sign;
      places.add(page.next);
      // The provider answers while the page before is applied.
      if (page.next !== undefined) asked = this.#askPage(page.next);
      try {
        await this.#applyPage(page, askedAt);
      } catch (error) {
        await asked.catch(() => {});
        throw error;
      }
      await onPage?.(this.#underWay);
      if (page.next === undefined) return;
      // What was read of a whole list counts when it is whole; the others go on behind each page.
      if (kind === 'full') await this.#held.keep();
      else await this.#keep();
    }
  }

  #askPage(place: string | undefined): Promise<{ readonly page: Page; readonly askedAt: string }> {
    const { listing, context, services } = this.#source;
    const asked = this.#ask(async () => {
      const askedAt = new Date(services.clock.now()).toISOString();
      const page =
        this.#options.kind === 'delta' && listing.changes !== undefined
          ? await listing.changes(context, place ?? '')
          : await listing.list(context, place);
      return { page, askedAt };
    });
    // It is waited for later; until then a failure is nobody's.
    asked.catch(() => {});
    return asked;
  }

  async #applyPage(page: Page, askedAt: string): Promise<void> {
    const { kind } = this.#options;
    const terms: RowTerms = {
      kind,
      askedAt,
      priority: kind === 'delta' ? PRIORITY.interactive : PRIORITY.backfill,
      roster: this.#roster,
      membership: this.#membership,
      read: this.#seen,
    };
    const results = await this.#applyRows(page.rows, terms);
    let people = this.#underWay.people;
    for (const row of page.rows) {
      if (row.is === 'event' || row.is === 'gone') continue;
      // Rows that name nobody are not told apart by their places on two pages.
      if (isNameless(row)) people += 1;
      else if (!this.#seen.has(row.id)) {
        this.#seen.add(row.id);
        people += 1;
      }
    }
    if (page.total !== undefined) this.#totals.push(page.total);
    const { place: _, ...before } = this.#underWay;
    this.#underWay = {
      ...noted(before, results),
      ...compact({ place: page.next, total: page.total ?? before.total }),
      ...compact({ cursor: page.cursor ?? before.cursor, edition: page.edition ?? before.edition }),
      ...compact({ isCut: page.isCut ?? before.isCut }),
      ...compact({ hasNameless: page.rows.some(isNameless) ? true : before.hasNameless }),
      rows: before.rows + page.rows.length,
      people,
      pages: before.pages + 1,
      calls: this.#callsBefore + this.#source.calls(),
    };
  }

  /**
   * Applies rows side by side, those about one person or of one e-mail address in their order; of two rows of one id the
   * last counts.
   */
  async #applyRows(rows: readonly Row[], terms: RowTerms): Promise<[string, RowResult][]> {
    const queue = inGroups(rows);
    const results: [string, RowResult][] = [];
    let failure: unknown;
    const work = async () => {
      for (let next = queue.shift(); next !== undefined && failure === undefined; next = queue.shift()) {
        for (const row of next)
          results.push([idOf(row), await this.#ask(() => applyRow(this.#source, row, terms))]);
      }
    };
    const workers = Array.from({ length: Math.min(AT_ONCE, queue.length) }, () =>
      work().catch((error: unknown) => {
        failure ??= error;
      }),
    );
    await Promise.all(workers);
    if (failure !== undefined) throw failure;
    return results;
  }

  async #ask<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const { services, listing, name } = this.#source;
    try {
      return await patiently(services, ask, this.#options.until - MARGIN_MS, () => this.#held.keep());
    } catch (error) {
      const isForbidden = error instanceof FetchError && (error.status === 401 || error.status === 403);
      if (!isForbidden || !error.isPermanent) throw error;
      const needs =
        listing.needs === undefined ? '' : `; the credentials (${name}.fetch) need ${listing.needs}`;
      const { status } = error;
      throw new FetchError(`${error.message}${needs}`, { isPermanent: true, ...compact({ status }) });
    }
  }

  /** A call of which there may be many before the first page. @throws NotNow when the time is over */
  async #inTime<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
    const { services } = this.#source;
    if (services.clock.now() + MARGIN_MS >= this.#options.until)
      throw new NotNow('time is up', services.clock.now());
    await this.#held.keep();
    return this.#ask(ask);
  }

  #whyIncomplete(): string | undefined {
    const { accept, total, isCut } = this.#underWay;
    const { complete } = this.#held.state();
    const { listing, context } = this.#source;
    return whyIncomplete({
      rows: this.#underWay.people,
      totals: this.#totals.length === 0 && total !== undefined ? [total] : this.#totals,
      isCut: isCut === true,
      before: listing.isOfSome?.(context) === true ? undefined : complete?.rows,
      expectAtLeast: syncSettingsOf(this.#source.settings).expectAtLeast,
      accept,
    });
  }

  /** From here on it is about those who were in service and are not on the list. */
  async #beginAbsence(): Promise<void> {
    const { services, tenant, name, listing, settings, context } = this.#source;
    const isOfAll = listing.tellsAbsence && listing.isOfSome?.(context) !== true;
    const isMeant = isOfAll && syncSettingsOf(settings).onAbsence === 'leave';
    // Without an earlier complete list nobody can be missing from it.
    const isSecond = this.#held.state().complete !== undefined;
    const isNews = !this.#isReadAgain() && this.#underWay.hasNameless !== true;
    if (isMeant && this.#underWay.hasNameless === true)
      this.#underWay = { ...this.#underWay, spares: SPARES };
    const missing: string[] = [];
    if (isMeant && isSecond && isNews) {
      for (const [id, { isIn }] of this.#roster ?? []) if (isIn && !this.#seen.has(id)) missing.push(id);
    }
    if (missing.length === 0) return;
    const chunks = await keepIds(services, tenant, name, missing);
    this.#underWay = { ...this.#underWay, phase: 'absence', chunks };
    await this.#keep();
  }

  /** Whether the list is the very one that was complete last time. */
  #isReadAgain(): boolean {
    const { edition } = this.#underWay;
    return edition !== undefined && edition === this.#held.state().complete?.edition;
  }

  async #absence(): Promise<void> {
    const { services, tenant, name } = this.#source;
    const missing = await keptIds(services, tenant, name, this.#underWay.chunks);
    for (const id of missing ?? []) {
      if (services.clock.now() + MARGIN_MS >= this.#options.until)
        throw new NotNow('time is up', services.clock.now());
      const number = (this.#held.state().complete?.number ?? 0) + 1;
      const result = await this.#ask(() => lookForAbsent(this.#source, id, number, this.#underWay.startedAt));
      if (result !== undefined) this.#underWay = noted(this.#underWay, [[id, result]]);
      this.#underWay = { ...this.#underWay, calls: this.#callsBefore + this.#source.calls() };
      await this.#held.keep();
    }
  }

  async #done(): Promise<ReadingEnd> {
    const { kind } = this.#options;
    const { services } = this.#source;
    const finished = finishedOf(this.#underWay, services.clock.now(), undefined);
    const { startedAt, people, edition } = this.#underWay;
    const isCounted = kind !== 'delta' && !this.#isReadAgain();
    await this.#held.change(({ underWay: _u, failures: _f, problem: _p, notBefore: _n, ...state }) => ({
      ...state,
      [kind]: finished,
      ...compact({
        groups: this.#membership?.read,
        cursor: this.#cursorAfter(state),
        complete: isCounted
          ? {
              at: startedAt,
              rows: people,
              number: (state.complete?.number ?? 0) + 1,
              ...compact({ edition }),
            }
          : undefined,
      }),
    }));
    await askAgain(this.#source);
    this.#tell(kind, finished);
    return { outcome: 'done', kind, finished };
  }

  /**
   * Where changes go on after this reading. After a whole list they go on where they were: what a deletion says isn't said
   * by a list that leaves the person out.
   */
  #cursorAfter({ cursor: before }: SyncState): SyncState['cursor'] {
    const { cursor: value, startedAt } = this.#underWay;
    if (value === undefined || (this.#options.kind !== 'delta' && this.#goesOn(before))) return before;
    return { value, of: cursorOwner(this.#source), at: startedAt };
  }

  async #incomplete(reason: string): Promise<ReadingEnd> {
    const { kind } = this.#options;
    // The call that was refused is one, too.
    const calls = this.#callsBefore + this.#source.calls();
    const finished = finishedOf({ ...this.#underWay, calls }, this.#source.services.clock.now(), reason);
    await this.#fail(reason, (state) => {
      const { underWay: _, ...rest } = state;
      return { ...rest, [kind]: finished };
    });
    this.#tell(kind, finished);
    return { outcome: 'done', kind, finished };
  }

  async #later(reason: string, from: number): Promise<ReadingEnd> {
    await this.#keep({ notBefore: new Date(from).toISOString() });
    return { outcome: 'later', reason, from };
  }

  async #cursorLost({ message: reason, isUsual }: CursorLost): Promise<ReadingEnd> {
    const { services, tenant, name } = this.#source;
    if (isUsual) services.log.info('everybody is read anew', { tenant, source: name, reason });
    else services.log.warn('a cursor is lost; everybody is read anew', { tenant, source: name, reason });
    const lostAt = new Date(services.clock.now()).toISOString();
    await this.#held.change(({ cursor: _c, underWay: _u, ...state }) => ({ ...state, lostAt }));
    return { outcome: 'cursor-lost', reason };
  }

  /** What can't be asked for now goes on where it was; what is refused for good, or again and again, begins anew. */
  async #failed(error: FetchError): Promise<ReadingEnd> {
    const failures = (this.#held.state().failures ?? 0) + 1;
    const mayPass = !error.isPermanent && (error.status === undefined || error.status >= 500);
    const goesOn = mayPass && failures < FAILURES_TO_BEGIN_ANEW;
    if (!goesOn) return this.#incomplete(error.message);
    await this.#fail(error.message, (state) => state);
    await this.#keep();
    const { notBefore = '' } = this.#held.state();
    return { outcome: 'later', reason: error.message, from: Date.parse(notBefore) };
  }

  async #fail(reason: string, edit: (state: SyncState) => SyncState): Promise<void> {
    const { services, tenant, name } = this.#source;
    const now = services.clock.now();
    await this.#held.change((state) => {
      const failures = (state.failures ?? 0) + 1;
      const wait = Math.min(RETRY_MS * 2 ** (failures - 1), LONGEST_RETRY_MS);
      return {
        ...edit(state),
        failures,
        problem: { at: new Date(now).toISOString(), reason },
        notBefore: new Date(now + wait).toISOString(),
      };
    });
    const { failures = 0 } = this.#held.state();
    services.log.warn('a source could not be read to its end', { tenant, source: name, reason, failures });
    if (failures >= FAILURES_TO_BEGIN_ANEW) {
      services.metrics.count('SyncFailed', { tenant, reason: this.#options.kind });
    }
  }

  /** Keeps the place, and of a whole list whom it had so far. */
  async #keep(also: Partial<SyncState> = {}): Promise<void> {
    const { services, tenant, name } = this.#source;
    if (this.#options.kind === 'full' && this.#underWay.phase === 'pages') {
      const chunks = await keepIds(services, tenant, name, this.#seen);
      this.#underWay = { ...this.#underWay, chunks };
    }
    await this.#held.change((state) => ({ ...state, ...also, underWay: this.#underWay }));
  }

  #tell(kind: ReadingKind, { outcome, reason, spares, rows, calls, counts }: Finished): void {
    const { services, tenant, name } = this.#source;
    services.log.info('a source was read', {
      tenant,
      source: name,
      kind,
      outcome,
      ...compact({ reason, spares }),
      rows,
      calls,
      ...counts,
    });
    if (kind !== 'full') return;
    for (const found of ['new', 'changed', 'gone'] as const) {
      services.metrics.gauge('SyncDrift', { tenant, kind: found }, counts[found] ?? 0);
    }
  }
}

function begun(kind: ReadingKind, startedAt: string): UnderWay {
  return {
    kind,
    startedAt,
    phase: 'pages',
    rows: 0,
    people: 0,
    pages: 0,
    calls: 0,
    counts: {},
    findings: [],
    chunks: 0,
  };
}

/** Why something failed, for who asked. */
export function reasonOf(end: Exclude<ReadingEnd, { outcome: 'done' }>): string {
  return end.outcome === 'busy' ? 'another function reads the source now' : errorText(end.reason);
}
