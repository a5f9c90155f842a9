import { SaxesParser } from 'saxes';
import { Rejection } from './rejection.ts';

const MAX_DEPTH = 50;
const MAX_ELEMENTS = 20_000;

interface Frame {
  readonly name: string;
  readonly children: Record<string, unknown>;
  text: string;
}

/**
 * Reads XML into plain objects: elements by their local names, text as it stands, an element that comes again a list. No
 * document type is taken, and with it no entity but XML's own five: nothing is fetched and nothing expands.
 *
 * @throws Rejection `malformed-body`
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
  let elements = 0;
  parser.on('opentag', ({ local }) => {
    elements += 1;
    if (elements > MAX_ELEMENTS) refuse(`it has more than ${MAX_ELEMENTS} elements`);
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
    // An element's own value is never a list, and copying one for each element would take the square of their number.
    if (Array.isArray(before)) before.push(value);
    else parent.children[frame.name] = before === undefined ? value : [before, value];
  });
  parser.write(text).close();
  return root.children;
}

function addText(stack: readonly Frame[], part: string): void {
  const frame = stack.at(-1);
  if (frame !== undefined) frame.text += part;
}
