import { quote, ScimInputError, type ScimType, UnknownNameError } from '../error.ts';
import { didYouMean } from '../nearest.ts';
import {
  type Attribute,
  coreAttributes,
  extensionAttribute,
  findAttribute,
  type ResourceKind,
  type Schema,
  splitUrn,
} from '../schema.ts';

/** What an attribute name in standard notation (RFC 7644 section 3.10) stands for. */
export interface Name {
  /** URN of the extension the attribute belongs to; absent for core attributes. */
  readonly extension?: string;
  readonly attribute: Attribute;
  readonly sub?: Attribute;
}

/** Where a name is looked up: in a whole resource, or among the sub-attributes of one attribute. */
export type Scope = ResourceKind | Attribute;

/**
 * Finds the attribute that `text` names: `userName`, `name.givenName`, a name with its schema's URN before it, the URN
 * of an extension alone; in any case of letters. A bare name that the core schema hasn't is looked up in the
 * extensions, as Entra ID writes `manager` and `department` so (E2, E8, E12).
 * Throws a ScimInputError with `code`, the position in `text` added to `position`; for an unknown name an
 * UnknownNameError that suggests known ones.
 */
export function resolveName(text: string, scope: Scope, code: ScimType, position: number): Name {
  if (!('core' in scope)) return resolveWithin(scope, text, code, position);
  const qualified = splitUrn(text, scope);
  if (qualified === undefined) {
    if (/^urn:/i.test(text)) throw unknownSchema(text, scope, code, position);
    const holder = scope.extensions.find(
      ({ attributes }) =>
        firstIn(text, coreAttributes(scope)) === undefined && firstIn(text, attributes) !== undefined,
    );
    if (holder !== undefined) return resolveIn(holder.attributes, holder.id, text, code, position);
    return resolveIn(coreAttributes(scope), undefined, text, code, position, scope.extensions);
  }
  const { schema, rest } = qualified;
  const core = schema === scope.core;
  if (rest === '') {
    if (!core) return { attribute: extensionAttribute(schema) };
    throw new ScimInputError(
      code,
      `${schema.id} names a schema: add an attribute, as in ${exampleOf(schema)}.`,
      {
        position,
      },
    );
  }
  return resolveIn(
    core ? coreAttributes(scope) : schema.attributes,
    core ? undefined : schema.id,
    rest,
    code,
    position + text.length - rest.length,
  );
}

/** A name as messages write it: `emails.value`, `manager`. */
export function nameOf({ attribute, sub }: Name): string {
  return sub === undefined ? attribute.name : `${attribute.name}.${sub.name}`;
}

function resolveIn(
  attributes: readonly Attribute[],
  extension: string | undefined,
  text: string,
  code: ScimType,
  position: number,
  others: readonly Schema[] = [],
): Name {
  const [name = '', subName, ...more] = text.split('.');
  const attribute = findAttribute(attributes, name);
  if (attribute === undefined) {
    const known = [...attributes, ...others.flatMap((schema) => schema.attributes)];
    throw unknown(name, known, code, position);
  }
  const found = extension === undefined ? { attribute } : { extension, attribute };
  if (subName === undefined) return found;
  const subPosition = position + name.length + 1;
  if (attribute.subAttributes === undefined || more.length > 0) {
    const parent = more.length > 0 ? `${attribute.name}.${subName}` : attribute.name;
    throw new ScimInputError(code, `${quote(parent)} has no sub-attributes.`, { position: subPosition });
  }
  return { ...found, sub: findSub(attribute, subName, code, subPosition) };
}

/** Among sub-attributes. Only those of an extension, which stands for an attribute here, have parts themselves. */
function resolveWithin(parent: Attribute, text: string, code: ScimType, position: number): Name {
  const dot = text.indexOf('.');
  if (dot >= 0) return resolveIn(parent.subAttributes ?? [], undefined, text, code, position);
  return { attribute: findSub(parent, text, code, position) };
}

function findSub(parent: Attribute, name: string, code: ScimType, position: number): Attribute {
  const known = parent.subAttributes ?? [];
  const sub = findAttribute(known, name);
  if (sub === undefined) throw unknown(name, known, code, position, parent.name);
  return sub;
}

function firstIn(text: string, attributes: readonly Attribute[]): Attribute | undefined {
  const dot = text.indexOf('.');
  return findAttribute(attributes, dot < 0 ? text : text.slice(0, dot));
}

function unknown(
  name: string,
  known: readonly Attribute[],
  code: ScimType,
  position: number,
  parent?: string,
): ScimInputError {
  const owner = parent === undefined ? 'There is' : `${parent} has`;
  // What doesn't look like a name may be a value out of place, and a value may be a person's phone number.
  const shown = /^[a-z$]/i.test(name) ? ` ${quote(name)}` : ' of that name';
  const noun = parent === undefined ? 'attribute' : 'sub-attribute';
  const suggestion = didYouMean(
    name,
    known.map((attribute) => attribute.name),
  );
  return new UnknownNameError(code, `${owner} no ${noun}${shown}.${suggestion}`, { position });
}

function unknownSchema(text: string, kind: ResourceKind, code: ScimType, position: number): ScimInputError {
  const known = [kind.core, ...kind.extensions].map(exampleOf);
  return new UnknownNameError(
    code,
    `${quote(text)} is in no schema of a ${kind.name}. Known are names such as ${known.join(', ')}.`,
    { position },
  );
}

function exampleOf(schema: Schema): string {
  return `${schema.id}:${schema.attributes[0]?.name ?? ''}`;
}
