import { SaxesParser } from 'saxes';
import { Rejection } from './rejection.ts';

const MAX_DEPTH = 50;

interface Frame {
  readonly name: string;
  readonly children: Record<string, unknown>;
  text: string;
}

/**
 * Reads XML into plain objects: elements by their local names, text as it stands, an element that comes again a list. No
 * document type is taken, and with it no entity but XML's own five: nothing is fetched and nothing expands.
 *
 * @throws Refusal `malformed-body`
 */
export function parseXml(text: string): unknown {
  const parser = new SaxesParser({ xmlns: true, position: true });
  const root: Frame = { name: '', children: Object.create(null), text: '' };
  const stack: Frame[] = [root];
  const refuse = (reason: string): never => {
    throw new Rejection('malformed-body', `The body is not usable XML: ${reason}.`);
  };
  parser.on('error', (error) => refuse(error.message.slice(0, 120)));
  parser.on('doctype', () => refuse('a document type is not allowed'));
  parser.on('opentag', ({ local }) => {
    if (stack.length > MAX_DEPTH) refuse('it is nested too deep');
    stack.push({ name: local, children: Object.create(null), text: '' });
  });
  parser.on('text', (part) => addText(stack, part));
  parser.on('cdata', (part) => addText(stack, part));
  parser.on('closetag', () => {
    const frame = stack.pop();
    const parent = stack.at(-1);
    if (frame === undefined || parent === undefined) return;
    const value = Object.keys(frame.children).length === 0 ? frame.text.trim() : frame.children;
    const before = parent.children[frame.name];
    parent.children[frame.name] =
      before === undefined ? value : Array.isArray(before) ? [...before, value] : [before, value];
  });
  parser.write(text).close();
  return root.children;
}

function addText(stack: readonly Frame[], part: string): void {
  const frame = stack.at(-1);
  if (frame !== undefined) frame.text += part;
}
