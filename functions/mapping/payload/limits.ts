import { type FieldKind, type FieldTable, rowOfKey } from '../../smartassist/fields.ts';
import { MOST_DIGITS } from '../../smartassist/payload.ts';
import type { AgentField, Mapped } from '../desired/desired-agent.ts';
import { originText } from '../desired/explain.ts';
import { quotedOf } from '../values/quoted.ts';
import type { PayloadContext } from './context.ts';

/** The field of the mapping behind one of the payload; `agent` for what concerns the payload as a whole. */
export function fieldOf(payloadField: string, fields: FieldTable): AgentField | 'agent' {
  if (payloadField === '') return 'agent';
  return (fields[payloadField]?.key as AgentField | undefined) ?? `custom.${payloadField}`;
}

const TOO_LONG = `has more than ${MOST_DIGITS} digits, which no phone number has`;

/** The limits in words, where the schema's own would not tell an administrator what to do. */
const LIMITS: { readonly [Kind in FieldKind]?: string } = {
  email: 'is not an e-mail address',
  digits: 'has no digits, and SmartAssist takes digits only',
  name: 'is not 1 to 50 characters long',
  text: 'is not 1 to 1000 characters long',
  region: 'is not two or three capital letters',
};

/**
 * What is wrong with a field in the light of SmartAssist's limits: who gave the value, the value, the limit. Where there
 * is no value, what should have given it.
 */
export function limitMessage(
  field: AgentField | 'agent',
  reason: string,
  { agent, origins }: Mapped,
  { paths, profile, fields }: Pick<PayloadContext, 'paths' | 'profile' | 'fields'>,
): string {
  if (field === 'agent') return 'no rule gives chat or voice languages, and SmartAssist requires it';
  if ((field === 'chat.languages' || field === 'voice.languages') && !agent[field]?.length) {
    const channel = field === 'chat.languages' ? 'chat' : 'voice';
    return `${originText(origins[`${channel}.enabled`]?.at(-1))}${channel} is on, and no rule gives it a language`;
  }
  const value = agent[field];
  const origin = origins[field];
  if (value === undefined) {
    const taken = origin?.at(-1);
    const path = taken === undefined ? pathOf(paths, field) : undefined;
    if (path !== undefined) {
      return `${path} has no value, and the ${profile} profile of SmartAssist requires ${field}`;
    }
    if (taken !== undefined) return `${originText(taken)}${field} is taken away, and SmartAssist requires it`;
    return `no rule gives ${field}, and SmartAssist requires it`;
  }
  const kind = rowOfKey(field, fields)?.kind;
  const isTooLong =
    kind === 'digits' && typeof value === 'string' && value.replace(/\D/g, '').length > MOST_DIGITS;
  const first = origin?.[0];
  const subject =
    first?.from === 'path' ? `${first.path} (${field})` : `${originText(origin?.at(-1))}${field}`;
  return `${subject}: ${quotedOf(field, value)} ${isTooLong ? TOO_LONG : ((kind && LIMITS[kind]) ?? reason)}`;
}

function pathOf(paths: PayloadContext['paths'], field: AgentField): string | undefined {
  return (paths as Readonly<Record<string, { readonly from?: string } | undefined>>)[field]?.from;
}
