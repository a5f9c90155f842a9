import * as z from 'zod';

const language = z.looseObject({ language: z.string(), proficiency: z.string() });

/**
 * Fields of a record for the simulator's own doors. Only the shapes that the simulator itself needs are checked: a record
 * that a supervisor made by hand may hold anything else, fields that this project has never heard of included.
 */
export const patchSchema = z.looseObject({
  id: z.string().min(1).optional(),
  emailId: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  customId: z.string().nullable().optional(),
  agentGroupId: z.string().optional(),
  agentGroups: z.array(z.looseObject({ groupId: z.string(), role: z.string() })).optional(),
  roleId: z.string().optional(),
  isAccountOwner: z.boolean().optional(),
  onlineStatusType: z.enum(['AVAILABLE', 'BUSY', 'OFFLINE', 'AWAY']).optional(),
  chatLanguageSupport: z.array(language).optional(),
  voiceLanguageSupport: z.array(language).optional(),
  skills: z.array(z.looseObject({ skillId: z.string(), proficiencyLevel: z.string() })).optional(),
  queues: z.array(z.looseObject({ id: z.string() })).optional(),
  desktopLayouts: z.array(z.looseObject({ id: z.string() })).optional(),
});

/** Null takes a field out. */
export type RecordPatch = z.input<typeof patchSchema>;
