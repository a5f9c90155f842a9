import { once } from '../runtime/once.ts';
import { didYouMean, nearest } from '../scim-core/nearest.ts';

/** `de`, `de-AT`, `zh_CN`: the form alone, as SmartAssist lists its languages nowhere. */
const CODE = /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$/;

const LETTERS = [...'abcdefghijklmnopqrstuvwxyz'];
/** Languages in which administrators name languages. */
const NAMED_IN = ['en', 'de', 'fr', 'es', 'it', 'nl', 'pl', 'pt'];

/** The names of languages, in lower case, with their codes: made where a code is wrong, and not before. */
const languageCodes = once(() => {
  const codes = new Map<string, string>();
  const named = NAMED_IN.map(
    (locale) => new Intl.DisplayNames(locale, { type: 'language', fallback: 'none' }),
  );
  for (const code of LETTERS.flatMap((first) => LETTERS.map((second) => first + second))) {
    const names = named.map((in_) => in_.of(code));
    if (names[0] === undefined) continue;
    const own = new Intl.DisplayNames(code, { type: 'language', fallback: 'none' }).of(code);
    for (const name of [...names, own]) {
      if (name !== undefined && !codes.has(name.toLowerCase())) codes.set(name.toLowerCase(), code);
    }
  }
  return codes;
});

/** What is wrong with a text where the code of a language is meant; undefined for nothing. */
export function languageProblem(text: string): string | undefined {
  const [language = ''] = text.split(/[-_]/);
  if (CODE.test(text) && (language.length === 3 || isLanguage(language))) return undefined;
  const meant = meantBy(text);
  const hint = meant === undefined ? ' Write one such as en, de or pt-BR.' : didYouMean(meant, [meant]);
  return `${JSON.stringify(text)} is not the code of a language.${hint}`;
}

const english = once(() => new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }));

function isLanguage(code: string): boolean {
  return english().of(code) !== undefined;
}

function meantBy(text: string): string | undefined {
  const codes = languageCodes();
  const [name] = nearest(text.toLowerCase(), codes.keys(), 1);
  if (text.length > 2) return name === undefined ? undefined : codes.get(name);
  try {
    // The code of a country: what is spoken there.
    const { language } = new Intl.Locale(`und-${text}`).maximize();
    return language === 'und' ? undefined : language;
  } catch {
    return undefined;
  }
}
