import * as z from 'zod/mini';
import { type DocumentForm, decideOnDocument } from '../../directory/documents.ts';
import type { Services } from '../../provision/services.ts';
import type { TenantProvisioning } from '../../provision/tenant.ts';
import { errorText } from '../../runtime/error-text.ts';
import { once } from '../../runtime/once.ts';
import { type Attention, attentionTo } from '../tenant/attention.ts';
import { readOverview } from '../tenant/overview.ts';
import { elsewhereText, tell } from './channels.ts';

/**
 * Tells operators what needs a person, where they talk: at most one message a kind an hour, and of what has not changed
 * one a day. In a message are names of tenants, rules' reasons and sources, and numbers of people: no name, address or
 * number of a person, and nothing that SmartAssist or a source said.
 */

type Kind = Attention['place']['is'];

/** What is looked for at a time, and where an operator goes on. */
const COMMANDS: Readonly<Partial<Record<Kind, { readonly command: string; readonly page: string }>>> = {
  failures: { command: 'failures', page: 'failures' },
  waiting: { command: 'people --state waiting --reason no-seat', page: 'people' },
  queue: { command: 'doctor', page: '' },
  brake: { command: 'brake', page: 'brake' },
  confirmations: { command: 'confirm', page: 'brake' },
  source: { command: 'sources', page: 'sources' },
  reconciliation: { command: 'reconcile', page: 'reconciliation' },
};

const EVERY_MS = 60 * 60_000;
/** What stays as it is is told again. */
const AGAIN_MS = 24 * EVERY_MS;
const LOOK_MS = 5 * 60_000;

const toldSchema = once(() =>
  z.object({
    lookedAt: z._default(z.number(), 0),
    kinds: z._default(z.record(z.string(), z.object({ at: z.number(), text: z.string() })), {}),
  }),
);
type Told = z.output<ReturnType<typeof toldSchema>>;
const TOLD: DocumentForm<Told> = { name: 'notified', parse: (stored) => toldSchema().parse(stored ?? {}) };

export interface NotifyTerms {
  /** Origin of the front door, for links to the console; without it the command alone is told. */
  readonly origin?: string;
  /** What one machine does in the place of the webhook. */
  readonly print?: (text: string) => void;
}

/**
 * Looks whether something needs a person, every five minutes, and tells it. What fails here is logged and counted, and
 * stops nothing else.
 */
export async function notify(
  provisioning: TenantProvisioning,
  services: Services,
  terms: NotifyTerms = {},
): Promise<void> {
  const { name, tenant } = provisioning;
  if (tenant.notify === undefined) return;
  const { log, metrics } = services;
  try {
    if (!(await mayLook(provisioning, services))) return;
    const found = linesOf(attentionTo(await readOverview(provisioning, services)));
    const fresh = await claim(provisioning, services, found);
    if (fresh.length === 0) return;
    const text = textOf(provisioning, fresh, terms.origin);
    if (terms.print !== undefined) return terms.print(`${text}\n${elsewhereText(tenant.notify)}`);
    await tell(provisioning, services, tenant.notify, text);
  } catch (error) {
    metrics.count('ScheduleFailed', { tenant: name });
    log.error('operators could not be notified', { tenant: name, reason: errorText(error) });
  }
}

interface Line {
  readonly kind: Kind;
  readonly text: string;
}

/** A line a kind: an attention's own words, without what others said. */
function linesOf(items: readonly Attention[]): Line[] {
  const kinds = new Map<Kind, string[]>();
  for (const { what, place } of items) {
    if (COMMANDS[place.is] === undefined) continue;
    const reason = place.is === 'failures' ? ` (${place.reason})` : '';
    kinds.set(place.is, [...(kinds.get(place.is) ?? []), `${what}${reason}`]);
  }
  return [...kinds].map(([kind, texts]) => ({ kind, text: texts.join('; ') }));
}

/** Whether it is time, for this function: of several that look at a time one does. */
function mayLook({ name }: TenantProvisioning, { directory, clock }: Services): Promise<boolean> {
  return decideOnDocument<Told, boolean>(directory, name, TOLD, (told) => {
    const now = clock.now();
    return now - told.lookedAt < LOOK_MS
      ? { answer: false }
      : { body: { ...told, lookedAt: now }, answer: true };
  });
}

/** Of what was found what is to be told now; noted before it is sent, so that it is sent once. */
function claim(
  { name }: TenantProvisioning,
  { directory, clock }: Services,
  found: readonly Line[],
): Promise<Line[]> {
  return decideOnDocument<Told, Line[]>(directory, name, TOLD, (told) => {
    const now = clock.now();
    const fresh = found.filter(({ kind, text }) => {
      const last = told.kinds[kind];
      if (last === undefined) return true;
      return now - last.at >= (last.text === text ? AGAIN_MS : EVERY_MS);
    });
    const gone = Object.entries(told.kinds).filter(([kind]) => !found.some((each) => each.kind === kind));
    const kinds = {
      ...told.kinds,
      // What is over and comes again is news, an hour after it was told at the earliest.
      ...Object.fromEntries(gone.map(([kind, { at }]) => [kind, { at, text: '' }])),
      ...Object.fromEntries(fresh.map(({ kind, text }) => [kind, { at: now, text }])),
    };
    return { body: { ...told, kinds }, answer: fresh };
  });
}

function textOf(
  { name, tenant }: TenantProvisioning,
  lines: readonly Line[],
  origin: string | undefined,
): string {
  const hasConsole = origin !== undefined && tenant.console !== undefined;
  return [
    `Agent Provisioner, ${name}: needs a person`,
    ...lines.map(({ kind, text }) => {
      const { command = '', page = '' } = COMMANDS[kind] ?? {};
      const link = hasConsole ? ` · ${origin}/${name}/console/${page}` : '';
      return `• ${text}: agent-provisioner --tenant ${name} ${command}${link}`;
    }),
  ].join('\n');
}
