import { ScimInputError, type ScimType } from '../error.ts';
import { nameOf, resolveName, type Scope } from '../path/name.ts';
import { type Attribute, defaultSubAttribute, type ResourceKind } from '../schema.ts';
import type { AttributePath, Filter } from './expression.ts';
import { COMPARE_OPS, readLiteral } from './literal.ts';
import { type Token, tokenize } from './token.ts';

export type { AttributePath, Filter } from './expression.ts';
export { equalityOf, type LookUpKey } from './key.ts';
export type { CompareOp, Literal } from './literal.ts';

const MAX_LEVELS = 50;
const MAX_COMPARISONS = 100;

/**
 * Reads a filter over resources of a kind. Names and operators in any case, values with or without quotes; see
 * `readLiteral` for what else is tolerated.
 * Throws a ScimInputError `invalidFilter` with the position, also for one over 4,096 characters, 100 comparisons or
 * 50 levels of brackets.
 */
export function parseFilter(text: string, kind: ResourceKind): Filter {
  const parser = new FilterParser(text, 'invalidFilter');
  const filter = parser.filter(kind);
  parser.end('"and", "or" or the end of the filter');
  return filter;
}

/** Recursive descent over the grammar of RFC 7644 figure 1; one object a text. */
export class FilterParser {
  readonly #tokens: readonly Token[];
  #code: ScimType;
  #next = 0;
  #level = 0;
  #comparisons = 0;

  /** `code` is what an error outside square brackets is; within them it is always `invalidFilter`. */
  constructor(text: string, code: ScimType) {
    this.#tokens = tokenize(text, code);
    this.#code = code;
  }

  filter(scope: Scope): Filter {
    return this.#chain('or', () => this.#chain('and', () => this.#term(scope)));
  }

  /** `attribute`, `attribute.sub`, `attribute[filter]` or `attribute[filter].sub`. */
  path(scope: Scope): AttributePath {
    const token = this.#take();
    if (token.kind !== 'word') throw this.#error('The name of an attribute is missing here.', token);
    const name = resolveName(token.text, scope, this.#code, token.position);
    if (this.#peek().kind !== '[') return name;
    const { attribute } = name;
    if (name.sub !== undefined || attribute.subAttributes === undefined) {
      throw this.#error(`${nameOf(name)} has no sub-attributes, so no [filter] can follow it.`, this.#peek());
    }
    const filter = this.#inBrackets(attribute);
    const after = this.#peek();
    if (after.kind !== 'word' || !after.text.startsWith('.')) return { ...name, filter };
    this.#take();
    const sub = resolveName(after.text.slice(1), attribute, this.#code, after.position + 1);
    if (sub.sub !== undefined) throw this.#error(`${nameOf(sub)} goes too deep.`, after);
    return { ...name, filter, sub: sub.attribute };
  }

  /** Asserts that nothing is left. */
  end(expected: string): void {
    const token = this.#peek();
    if (token.kind !== 'end') throw this.#error(`Expected ${expected} here.`, token);
  }

  #chain(op: 'and' | 'or', operand: () => Filter): Filter {
    const filters = [operand()];
    while (this.#isWord(op)) {
      this.#take();
      filters.push(operand());
    }
    const [only] = filters;
    return only !== undefined && filters.length === 1 ? only : { op, filters };
  }

  #term(scope: Scope): Filter {
    if (this.#peek().kind === '(') {
      const open = this.#take();
      return this.#nested(open, () => this.#closed(this.filter(scope), ')'));
    }
    // The grammar wants brackets after "not"; a single comparison is understood without.
    if (this.#isWord('not')) {
      const not = this.#take();
      const negated = (): Filter => ({ op: 'not', filter: this.#term(scope) });
      return this.#peek().kind === '(' ? negated() : this.#nested(not, negated);
    }
    return this.#comparison(scope);
  }

  #comparison(scope: Scope): Filter {
    const start = this.#peek();
    const path = this.path(scope);
    this.#comparisons++;
    if (this.#comparisons > MAX_COMPARISONS) {
      throw this.#error(`The filter has more than ${MAX_COMPARISONS} comparisons.`, start);
    }
    if ((path.sub ?? path.attribute).returned === 'never') {
      throw this.#error(`${nameOf(path)} can't be searched.`, start);
    }
    const next = this.#peek();
    const isOperator = next.kind === 'word' && !/^(and|or)$/i.test(next.text);
    if (path.filter !== undefined && path.sub === undefined && !isOperator) return { op: 'valuePath', path };
    return this.#operator(path);
  }

  #operator(path: AttributePath): Filter {
    const token = this.#take();
    const word = token.kind === 'word' ? token.text.toLowerCase() : '';
    if (word === 'pr') return { op: 'pr', path };
    const op = COMPARE_OPS.find((each) => each === word);
    if (op === undefined) {
      const shown = /^[a-z]+$/.test(word)
        ? `The operator '${word}' is not supported`
        : 'An operator is missing here';
      throw this.#error(`${shown}: use one of ${COMPARE_OPS.join(', ')} and pr.`, token);
    }
    const compared = this.#comparable(path, token);
    const value = readLiteral(compared.sub ?? compared.attribute, nameOf(compared), op, this.#take());
    return { op, path: compared, value };
  }

  /** A complex attribute is compared by its default sub-attribute: `emails co "x"` means `emails.value co "x"`. */
  #comparable(path: AttributePath, operator: Token): AttributePath {
    const { attribute, sub } = path;
    if ((sub ?? attribute).type !== 'complex') return path;
    const standIn = sub === undefined ? defaultSubAttribute(attribute) : undefined;
    if (standIn !== undefined) return { ...path, sub: standIn };
    const example = (sub ?? attribute).subAttributes?.[0]?.name;
    throw this.#error(
      `${nameOf(path)} has several parts: compare one of them, such as ${nameOf(path)}.${example}.`,
      operator,
    );
  }

  #inBrackets(attribute: Attribute): Filter {
    const outside = this.#code;
    this.#code = 'invalidFilter';
    const open = this.#take();
    const filter = this.#nested(open, () => this.#closed(this.filter(attribute), ']'));
    this.#code = outside;
    return filter;
  }

  #nested<T>(opening: Token, read: () => T): T {
    this.#level++;
    if (this.#level > MAX_LEVELS) {
      throw this.#error(`The filter is nested more than ${MAX_LEVELS} levels deep.`, opening);
    }
    const result = read();
    this.#level--;
    return result;
  }

  #closed(filter: Filter, bracket: ')' | ']'): Filter {
    const token = this.#take();
    if (token.kind !== bracket) throw this.#error(`Expected "and", "or" or "${bracket}" here.`, token);
    return filter;
  }

  #isWord(word: string): boolean {
    const token = this.#peek();
    return token.kind === 'word' && token.text.toLowerCase() === word;
  }

  #peek(): Token {
    // The last token is `end`, and nothing reads past it.
    return this.#tokens[this.#next] ?? { kind: 'end', text: '', position: 0 };
  }

  #take(): Token {
    const token = this.#peek();
    this.#next++;
    return token;
  }

  #error(message: string, { position }: Token): ScimInputError {
    return new ScimInputError(this.#code, message, { position });
  }
}
