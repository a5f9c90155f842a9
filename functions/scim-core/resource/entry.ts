import { quote, ScimInputError, UnknownNameError } from '../error.ts';
import { didYouMean } from '../nearest.ts';
import { type AttributePath, parsePath } from '../path/path.ts';
import {
  AGENT_EXTENSION,
  coreAttributes,
  ENTERPRISE_USER,
  extensionAttribute,
  findAttribute,
  type ResourceKind,
  splitUrn,
} from '../schema.ts';
import { assertNames } from './bounds.ts';
import { isObject, type Resource } from './resource.ts';

/** A place in a resource and what a client sent for it. */
export interface Entry {
  readonly path: AttributePath;
  readonly input: unknown;
}

/**
 * The attributes that a body (or the value of a PATCH operation without a path) sets, one by one, extensions opened up.
 * Names may be in any case, dotted (`name.givenName`), qualified with a URN (E6), value paths. Attributes of the
 * enterprise extension may stand outside it (E12); what has no URN comes first, so that what has one wins.
 * Left out is what clients may send and servers ignore: unknown names and schemas (E10, E12), read-only attributes
 * such as `id` and `meta`, and the password.
 * Throws a ScimInputError `invalidFilter` for a name with a malformed filter, `invalidSyntax` for over 1,000 names and for
 * an unknown name in our own extension, whose schema is closed.
 */
export function entriesOf(body: Resource, kind: ResourceKind): Entry[] {
  const names = Object.keys(body);
  assertNames(names);
  const qualified: Entry[] = [];
  const bare: Entry[] = [];
  for (const name of names) {
    const input = body[name];
    const extension = extensionNamed(name, kind);
    if (extension !== undefined && isObject(input)) {
      qualified.push(...entriesIn(extension.id, input, kind));
      continue;
    }
    const path =
      extension === undefined ? pathNamed(name, kind) : { attribute: extensionAttribute(extension) };
    if (path === undefined || !isWritable(path)) continue;
    (splitUrn(name, kind) === undefined ? bare : qualified).push({ path, input });
  }
  return [...bare, ...qualified];
}

/** As `entriesOf`, for the content of the extension with this URN. */
export function entriesIn(urn: string, content: Resource, kind: ResourceKind): Entry[] {
  const names = Object.keys(content);
  assertNames(names);
  return names.flatMap((name) => {
    const path = pathNamed(`${urn}:${name}`, kind);
    return path === undefined || !isWritable(path) ? [] : [{ path, input: content[name] }];
  });
}

/** Whether clients may set what is there; the password they may, but nothing comes of it. */
function isWritable({ attribute, sub }: AttributePath): boolean {
  return (
    attribute.mutability !== 'readOnly' &&
    attribute.mutability !== 'writeOnly' &&
    sub?.mutability !== 'readOnly'
  );
}

function extensionNamed(name: string, kind: ResourceKind) {
  const urn = splitUrn(name, kind);
  return urn?.rest === '' && urn.schema !== kind.core ? urn.schema : undefined;
}

function pathNamed(name: string, kind: ResourceKind): AttributePath | undefined {
  const urn = splitUrn(name, kind);
  const first = /^[^.[]*/.exec(urn?.rest ?? name)?.[0] ?? '';
  const [attribute, extension] = find(first, urn?.schema.id, kind);
  // Only what begins with a known name is read in full: an error for each of a thousand unknown ones takes time.
  if (attribute === undefined) {
    refuseOurUnknown(urn?.schema.id, first);
    return undefined;
  }
  if (first === (urn?.rest ?? name))
    return extension === undefined ? { attribute } : { extension, attribute };
  try {
    return parsePath(name, kind);
  } catch (error) {
    const isIgnored =
      error instanceof UnknownNameError || (error instanceof ScimInputError && error.code === 'invalidPath');
    if (isIgnored && urn?.schema !== AGENT_EXTENSION) return undefined;
    throw error;
  }
}

/** What is misspelt in our own extension would be dropped silently. */
function refuseOurUnknown(urn: string | undefined, name: string): void {
  if (urn !== AGENT_EXTENSION.id) return;
  const known = AGENT_EXTENSION.attributes.map((each) => each.name);
  throw new ScimInputError(
    'invalidSyntax',
    `${urn} has no attribute ${quote(name)}.${didYouMean(name, known)}`,
    {
      attribute: name,
    },
  );
}

function find(name: string, urn: string | undefined, kind: ResourceKind) {
  if (urn === undefined || urn === kind.core.id) {
    const attribute = findAttribute(coreAttributes(kind), name);
    if (attribute !== undefined || urn !== undefined) return [attribute, undefined] as const;
  }
  // Of the extensions only the enterprise one is known to be sent without its URN.
  const extension = kind.extensions.find(({ id }) => id === (urn ?? ENTERPRISE_USER.id));
  return [extension && findAttribute(extension.attributes, name), extension?.id] as const;
}
