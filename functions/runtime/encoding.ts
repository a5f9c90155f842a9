/** How bytes are written as text. Padding of base64 is optional everywhere: providers differ. */
export type Encoding = 'hex' | 'base64' | 'base64url';

const ALPHABET: Readonly<Record<Encoding, RegExp>> = {
  hex: /^(?:[0-9a-f]{2})+$/i,
  base64: /^[A-Za-z0-9+/]+={0,2}$/,
  base64url: /^[A-Za-z0-9_-]+={0,2}$/,
};

/**
 * The bytes, or undefined for text that isn't exactly of this encoding: Node's own decoder skips what it doesn't know,
 * so that many texts would stand for one signature. For base64 the bits that no byte needs have to be zero, too.
 */
export function decode(text: string, encoding: Encoding): Buffer | undefined {
  if (!ALPHABET[encoding].test(text)) return undefined;
  const bytes = Buffer.from(text, encoding);
  if (encoding === 'hex') return bytes;
  const bare = text.replace(/(?<!=)=+$/, '');
  if (text !== bare && text.length % 4 !== 0) return undefined;
  return bytes.toString(encoding).replace(/(?<!=)=+$/, '') === bare ? bytes : undefined;
}
