/**
 * What a browser does beyond showing pages, which work without it: times in the reader's zone, parts that refresh, forms in
 * a dialog, and lists that follow what is typed. It makes elements only of pages of its own address.
 */
export const SCRIPT = `'use strict';
(() => {
  const said = document.getElementById('said');
  const say = (words) => { if (said) said.textContent = words; };
  const zone = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

  const localTimes = (within) => {
    for (const each of within.querySelectorAll('time[datetime]')) {
      const at = new Date(each.dateTime);
      if (!Number.isNaN(at.getTime())) each.textContent = zone.format(at);
    }
  };

  const read = async (address, sent) => {
    const answer = await fetch(address, { credentials: 'same-origin', headers: { 'x-console-part': '1' }, ...sent });
    if (!answer.ok || new URL(answer.url).origin !== location.origin) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!page.getElementById('main')) throw new Error('no page');
    return page;
  };

  /* Only what has changed is exchanged, and nothing that has the focus or a selection in it. */
  const exchange = (page, parts) => {
    let changed = 0;
    for (const part of parts) {
      const newer = page.getElementById(part.id);
      if (!newer) continue;
      const came = newer.innerHTML;
      if (part.came === came) continue;
      const held = part.contains(document.activeElement) || (getSelection()?.toString() && part.contains(getSelection().anchorNode));
      if (held && part.dataset.live !== 'typed') continue;
      part.replaceChildren(...document.importNode(newer, true).childNodes);
      part.came = came;
      localTimes(part);
      changed += 1;
    }
    return changed;
  };

  const live = [...document.querySelectorAll('[data-live]')].filter((part) => part.id);
  for (const part of live) part.came = part.innerHTML;
  const seconds = Math.max(5, ...live.map((part) => Number(part.dataset.live)).filter((each) => each > 0));
  if (live.some((part) => Number(part.dataset.live) > 0)) {
    setInterval(async () => {
      if (document.hidden || document.querySelector('dialog[open]')) return;
      try {
        exchange(await read(location.href), live.filter((part) => Number(part.dataset.live) > 0));
      } catch {
        say('This page could not be refreshed.');
      }
    }, seconds * 1000);
  }

  const filters = document.querySelector('form[data-typed]');
  const list = filters && document.getElementById(filters.dataset.typed);
  if (filters && list) {
    let timer, turn = 0;
    const follow = () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const mine = ++turn;
        const query = new URLSearchParams([...new FormData(filters)].filter(([, each]) => each !== ''));
        const address = location.pathname + (query.size ? '?' + query : '');
        try {
          const page = await read(address);
          if (mine !== turn) return;
          exchange(page, [list]);
          history.replaceState(null, '', address);
          say(list.querySelector('caption')?.textContent ?? 'The list has changed.');
        } catch {
          if (mine === turn) filters.submit();
        }
      }, 250);
    };
    filters.addEventListener('input', follow);
  }

  /* Work of several requests goes on by itself while the page is open. */
  const goOn = async () => {
    const form = document.querySelector('form[data-goes-on]');
    if (!form) return;
    const part = document.getElementById(form.dataset.goesOn);
    try {
      const page = await read(form.action, { method: 'POST', body: new URLSearchParams([...new FormData(form)]) });
      part.replaceChildren(...document.importNode(page.getElementById(part.id), true).childNodes);
      localTimes(part);
      if (!document.querySelector('form[data-goes-on]')) say('Done.');
      goOn();
    } catch {
      say('This stopped; press the button to go on.');
    }
  };
  goOn();

  const ask = async (link) => {
    const page = await read(link.href);
    const form = page.querySelector('.ask');
    if (!form) throw new Error('nothing to ask');
    const dialog = document.createElement('dialog');
    const title = document.createElement('h2');
    title.id = 'dialog-title';
    title.textContent = page.querySelector('h1')?.textContent ?? '';
    dialog.setAttribute('aria-labelledby', title.id);
    dialog.append(title, document.importNode(form, true));
    dialog.addEventListener('close', () => { dialog.remove(); link.focus(); });
    dialog.addEventListener('click', (event) => {
      const cancel = event.target.closest('a[data-cancel]');
      if (!cancel) return;
      event.preventDefault();
      dialog.close();
    });
    document.body.append(dialog);
    localTimes(dialog);
    dialog.showModal();
  };

  document.addEventListener('click', (event) => {
    const link = event.target.closest('a[data-dialog]');
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    ask(link).catch(() => location.assign(link.href));
  });

  /* A form is sent once. */
  document.addEventListener('submit', (event) => {
    if (event.target.method !== 'post') return;
    if (event.target.dataset.sent) return event.preventDefault();
    event.target.dataset.sent = '1';
    for (const button of event.target.querySelectorAll('button')) button.setAttribute('aria-busy', 'true');
  });
  addEventListener('pageshow', () => {
    for (const form of document.querySelectorAll('form[data-sent]')) delete form.dataset.sent;
  });

  document.addEventListener('change', (event) => {
    const all = event.target.closest('input[data-all]');
    if (!all) return;
    for (const each of document.querySelectorAll('input[name="' + CSS.escape(all.dataset.all) + '"]')) each.checked = all.checked;
  });

  localTimes(document);
})();
`;
