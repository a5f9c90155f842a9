import { AGENT_FIELDS, type FieldRow, type Shape } from './fields.ts';

/**
 * Fields of an agent's record that this product doesn't give, and the requests and answers that have them. An update
 * takes those with `update`, and they go back as they were read a moment before; the others (presence, TURN secrets,
 * addresses) never do.
 *
 * Source: AI for Service documentation, "Get an agent", "List agents", "Find by custom id", "Update an agent".
 */
const READ = ['get', 'list', 'customId', 'updated', 'deleted'] as const;

const RECORD_FIELDS = {
  id: [...READ, 'update'],
  userId: [...READ, 'created', 'update'],
  orgId: [...READ, 'created', 'update'],
  accountId: [...READ, 'update'],
  iId: ['get', 'customId', 'update'],
  agentGroups: [...READ, 'update'],
  fullName: ['get', 'customId', 'update'],
  lFullName: ['get', 'customId', 'update'],
  isAccountOwner: ['get', 'list', 'customId', 'update'],
  canSupportCase: ['get', 'customId', 'update'],
  canSupportVoiceMail: ['get', 'update'],
  caseLanguageSupport: ['get', 'customId', 'update'],
  voiceSupport: ['get', 'customId', 'update'],
  dAgentGroups: ['get', 'update'],
  createdBy: [...READ, 'update'],
  createdByAId: ['customId', 'update'],
  createdAt: [...READ, 'update'],
  updatedAt: [...READ, 'update'],
  lastOnlineAt: [...READ, 'update'],
  markedAutoAway: ['get', 'customId', 'update'],
  role: ['get', 'list', 'customId'],
  name: ['get', 'customId'],
  onlineStatus: READ,
  onlineStatusType: READ,
  prevStatus: ['customId'],
  prevStatusType: ['customId'],
  hoursOfOperationId: ['list', 'customId'],
  profImageUrl: ['get'],
  sipURI: READ,
  addresses: ['get', 'customId'],
  iceServers: ['get', 'customId'],
  domain: ['get', 'customId'],
  preferences: ['get', 'customId'],
  internalChatPermission: ['get', 'customId'],
  isChannelUpdatedByAgent: ['get'],
  maxDigitalConvoLimit: ['get'],
  maxCaseSupport: ['get'],
  maxTaskSupport: ['get'],
  maxVoiceMailSupport: ['get'],
  cmLayouts: ['get'],
} as const satisfies Readonly<Record<string, readonly Shape[]>>;

/** All fields that a request or an answer may have. */
export function fieldsIn(shape: Shape): string[] {
  const given = Object.entries<FieldRow>(AGENT_FIELDS).filter(([, { in: shapes }]) => shapes.includes(shape));
  const others = Object.entries<readonly Shape[]>(RECORD_FIELDS).filter(([, shapes]) =>
    shapes.includes(shape),
  );
  return [...given, ...others].map(([field]) => field);
}

/** Whether a field is one of the product's or of SmartAssist's own: all else is a tenant's. */
export function isKnownField(field: string): boolean {
  return field in AGENT_FIELDS || field in RECORD_FIELDS;
}
