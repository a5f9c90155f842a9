import type { AgentField, Mapped } from '../desired/desired-agent.ts';
import { originText } from '../desired/explain.ts';
import { quotedOf } from '../values/quoted.ts';
import type { PayloadContext } from './context.ts';

/** Which field of the mapping a field of the payload comes from. */
const FIELD_OF: Readonly<Record<string, AgentField>> = {
  emailId: 'emailId',
  firstName: 'firstName',
  lastName: 'lastName',
  nickName: 'nickName',
  phoneNumber: 'phoneNumber',
  profImage: 'profImage',
  callRegion: 'callRegion',
  agentGroupId: 'agentGroup',
  roleId: 'role',
  skills: 'skills',
  queues: 'queues',
  chatLanguageSupport: 'chat.languages',
  voiceLanguageSupport: 'voice.languages',
  desktopLayouts: 'desktopLayouts',
  maxChatSupport: 'chat.capacity',
  maxDigitalChatSupport: 'chat.digitalCapacity',
  maxEmailChatSupport: 'chat.emailCapacity',
  maxMessagingChatSupport: 'chat.messagingCapacity',
};

/** The field of the mapping behind one of the payload; `agent` for what concerns the payload as a whole. */
export function fieldOf(payloadField: string): AgentField | 'agent' {
  if (payloadField === '') return 'agent';
  return FIELD_OF[payloadField] ?? `custom.${payloadField}`;
}

/** The limits in words, where the schema's own would not tell an administrator what to do. */
const LIMITS: Readonly<Record<string, string>> = {
  emailId: 'is not an e-mail address',
  phoneNumber: 'has no digits, and SmartAssist takes digits only',
  firstName: 'is not 1 to 50 characters long',
  lastName: 'is not 1 to 50 characters long',
  nickName: 'is not 1 to 50 characters long',
  profImage: 'is not 1 to 1000 characters long',
  callRegion: 'is not two capital letters',
};

/**
 * What is wrong with a field in the light of SmartAssist's limits: who gave the value, the value, the limit. Where there
 * is no value, what should have given it.
 */
export function limitMessage(
  field: AgentField | 'agent',
  reason: string,
  { agent, origins }: Mapped,
  { paths, profile }: Pick<PayloadContext, 'paths' | 'profile'>,
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
  const first = origin?.[0];
  const subject =
    first?.from === 'path' ? `${first.path} (${field})` : `${originText(origin?.at(-1))}${field}`;
  return `${subject}: ${quotedOf(field, value)} ${LIMITS[field] ?? reason}`;
}

function pathOf(paths: PayloadContext['paths'], field: AgentField): string | undefined {
  return (paths as Readonly<Record<string, { readonly from?: string } | undefined>>)[field]?.from;
}
