/** An element of a page as a browser would have it, with the text below it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Whether only text and what is said here is in it. */
  readonly text: string;
}

export interface Document {
  readonly elements: readonly Element[];
  /** All text, in order. */
  readonly text: string;
}

const VOID = new Set(['meta', 'link', 'input', 'br', 'img', 'rect', 'line', 'circle']);
const RAW = new Set(['script', 'style']);
const TAG = /^<(\/?)([a-z][a-z0-9]*)((?:\s+[a-zA-Z][a-zA-Z0-9-]*(?:="[^"<>]*")?)*)\s*(\/?)>/;
const ATTRIBUTE = /([a-zA-Z][a-zA-Z0-9-]*)(?:="([^"]*)")?/g;
const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&amp;': '&',
  '&quot;': '"',
  '&#39;': "'",
};

/**
 * Reads a page strictly: every tag closed in its order, every value of an attribute quoted, and no `<`, `>` or `&` that is
 * not part of one. Text of others that was not escaped breaks it.
 *
 * @throws Error with the place
 */
export function parseMarkup(html: string): Document {
  const open: { name: string; attributes: Record<string, string>; text: string }[] = [];
  const elements: Element[] = [];
  let all = '';
  let rest = html.replace(/^<!doctype html>/, '');
  const fail = (why: string) => new Error(`${why} at: ${rest.slice(0, 120)}`);
  const addText = (text: string) => {
    all += text;
    for (const each of open) each.text += text;
  };
  while (rest !== '') {
    if (!rest.startsWith('<')) {
      const end = rest.indexOf('<');
      const raw = end === -1 ? rest : rest.slice(0, end);
      addText(decoded(raw, fail));
      rest = rest.slice(raw.length);
      continue;
    }
    const [tag, close, name = '', attributes = '', isEmpty] = TAG.exec(rest) ?? [];
    if (tag === undefined) throw fail('no tag');
    rest = rest.slice(tag.length);
    if (close === '/') {
      const last = open.pop();
      if (last?.name !== name) throw fail(`</${name}> closes <${last?.name}>`);
      elements.push(last);
      continue;
    }
    const element = { name, attributes: attributesOf(attributes, fail), text: '' };
    if (VOID.has(name) || isEmpty === '/') elements.push(element);
    else open.push(element);
    if (RAW.has(name) && !rest.startsWith(`</${name}>`)) throw fail(`something stands in <${name}>`);
  }
  if (open.length > 0) throw fail(`<${open.at(-1)?.name}> is not closed`);
  return { elements, text: all };
}

function attributesOf(text: string, fail: (why: string) => Error): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [, name = '', value = ''] of text.matchAll(ATTRIBUTE)) {
    if (name in found) throw fail(`${name} stands twice`);
    if (name.startsWith('on') || name === 'style') throw fail(`there is ${name}`);
    found[name] = decoded(value, fail);
  }
  return found;
}

function decoded(raw: string, fail: (why: string) => Error): string {
  if (raw.includes('>')) throw fail('a > that closes nothing');
  return raw.replace(/&[^;]{0,8};?/g, (entity) => {
    const character = ENTITIES[entity];
    if (character === undefined) throw fail(`${entity} is not an entity of ours`);
    return character;
  });
}
