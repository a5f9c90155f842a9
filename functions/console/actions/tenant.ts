import { OperateError } from '../../operate/errors.ts';
import {
  dryRunByOperator,
  pauseByOperator,
  readByOperator,
  resumeByOperator,
} from '../../operate/sources.ts';
import { pauseTenant, pauseText, resumeTenant } from '../../operate/tenant/pause.ts';
import type { PageContext, ShowPage } from '../page.ts';
import { ask, done } from '../view/ask.ts';
import { type Html, html } from '../view/html.ts';
import { href } from '../view/link.ts';
import { counted, text } from '../view/shown.ts';
import { actorOf } from './actor.ts';

export const askPause: ShowPage = async ({ base, provisioning }) => ({
  title: 'Pause',
  body: ask({
    action: `${base}/pause`,
    will: html`<p>Calls to SmartAssist stop for all people of <strong>${provisioning.name}</strong> within seconds. What sources send is stored and waits, until somebody resumes.</p>`,
    button: 'Pause all calls',
    cancel: base,
    isGrave: true,
  }),
});

export const pause: ShowPage = async (context) => {
  const result = await pauseTenant(context.services, context.provisioning.name, actorOf(context));
  const said = html`<p>${text(pauseText(result.pause), 400)}${result.isNew ? '' : ' Another operator was faster.'}</p>`;
  return { title: 'Paused', body: done(said, { back: context.base, audit: href(context.base, 'audit') }) };
};

export const askResume: ShowPage = async ({ base, services, provisioning }) => {
  const { persons } = await services.directory.queuedPersons(provisioning.name, { limit: 200 });
  const waiting = persons.length === 200 ? '200 people or more' : counted(persons.length, 'person');
  return {
    title: 'Resume',
    body: ask({
      action: `${base}/resume`,
      will: html`<p>Calls to SmartAssist go on. <strong>${waiting}</strong> wait for them.</p>`,
      button: 'Resume calls',
      cancel: base,
    }),
  };
};

export const resume: ShowPage = async (context) => {
  const ended = await resumeTenant(context.services, context.provisioning.name, actorOf(context));
  const said = html`<p>${ended === undefined ? 'It was not paused.' : 'Calls go on.'}</p>`;
  return { title: 'Resumed', body: done(said, { back: context.base, audit: href(context.base, 'audit') }) };
};

const OF_SOURCES = {
  pause: {
    title: 'Pause the source',
    will: 'Nothing of it is taken any more: its requests are refused, and it is not read. No person is put out of service by it.',
    button: 'Pause',
    did: 'The source is paused.',
    does: pauseByOperator,
  },
  resume: {
    title: 'Resume the source',
    will: 'What it sends is taken again. Where it is read, everybody is read with the next minute.',
    button: 'Resume',
    did: 'The source is taken from again.',
    does: resumeByOperator,
  },
  'dry-run': {
    title: 'Dry run',
    will: 'What reading it would do is found out, beginning within a minute: its people are asked for as in a reading, which takes calls to the provider, and nothing is stored. The page of the source shows it.',
    button: 'Find out',
    did: 'It begins within a minute. The page of the source shows how far it is, and then what would happen.',
    does: dryRunByOperator,
  },
  sync: {
    title: 'Read everybody now',
    will: 'All people of the source are read, beginning within a minute, and changed as it says; leavers pass the brake as ever. A dry run shows before what that changes, and changes nothing itself.',
    button: 'Read',
    did: 'Its reading begins within a minute.',
    does: readByOperator,
  },
} as const;

function chosen({ params, provisioning, base }: PageContext) {
  const { name = '', action = '' } = params;
  if (!Object.hasOwn(OF_SOURCES, action) || !Object.hasOwn(provisioning.tenant.sources, name)) {
    throw new OperateError(
      'invalid',
      'There is no such source, or nothing of this name can be done with it.',
    );
  }
  const here = href(base, `sources/${encodeURIComponent(name)}`);
  return { ...OF_SOURCES[action as keyof typeof OF_SOURCES], name, action, here };
}

export const askSource: ShowPage = async (context) => {
  const { title, will, button, name, action, here } = chosen(context);
  const words: Html = html`<p>Source <strong>${text(name)}</strong>: ${will}</p>`;
  return { title, body: ask({ action: `${here}/${action}`, will: words, button, cancel: here }) };
};

export const actOnSource: ShowPage = async (context) => {
  const { did, does, name, here } = chosen(context);
  await does(context.services, context.provisioning, name, actorOf(context));
  return {
    title: 'Done',
    body: done(html`<p>${did}</p>`, { back: here, audit: href(context.base, 'audit') }),
  };
};
