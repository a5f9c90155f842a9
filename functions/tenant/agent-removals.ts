import * as z from 'zod';
import { customName, languageName, layoutId, queueName, skillName } from './agent-values.ts';
import type { Source } from './text.ts';

/** What rules take away. */

const whole = (field: string) =>
  z
    .literal(true)
    .optional()
    .meta({ description: `true takes ${field} away.`, examples: [true] });
const entries = (of: z.ZodType<string | Source>, field: string, example: string) =>
  z
    .union([z.literal(true), z.array(of)])
    .optional()
    .meta({
      description: `The ${field} to take away, by name; true: all of them.`,
      examples: [[example], true],
    });

/** Taken away from what was there before: a field as a whole with true, entries of a list by name. */
export const agentRemovals = z.strictObject({
  agentGroup: whole('the agent group'),
  role: whole('the role'),
  skills: entries(skillName, 'skills', 'Billing/Refunds'),
  queues: entries(queueName, 'queues', 'VIP'),
  chat: z
    .union([
      z.literal(true),
      z.strictObject({
        enabled: whole('the switch of the channel'),
        languages: entries(languageName, 'languages', 'de'),
        capacity: whole('the number of chats'),
        digitalCapacity: whole('the number of digital conversations'),
        emailCapacity: whole('the number of e-mails'),
        messagingCapacity: whole('the number of messaging conversations'),
      }),
    ])
    .optional()
    .meta({ description: 'true takes all about chat away.', examples: [true, { languages: ['de'] }] }),
  voice: z
    .union([
      z.literal(true),
      z.strictObject({
        enabled: whole('the switch of the channel'),
        languages: entries(languageName, 'languages', 'de'),
      }),
    ])
    .optional()
    .meta({ description: 'true takes all about voice away.', examples: [true, { languages: ['de'] }] }),
  nickName: whole('the nickname'),
  profImage: whole('the profile image'),
  phoneNumber: whole('the phone number'),
  callRegion: whole('the region of calls'),
  desktopLayouts: entries(layoutId, 'desktop layouts', 'ly-59736ed-eaac-40d6-8c5b-db294b10xxxx'),
  createDefaultLayoutAndAssign: whole('the wish for a default layout'),
  status: whole('the status'),
  attachmentsEnabled: whole('the switch of attachments'),
  emojisEnabled: whole('the switch of emojis'),
  agentAffinity: whole('the switch of affinity'),
  custom: z
    .union([z.literal(true), z.array(customName)])
    .optional()
    .meta({
      description: 'Fields of your own to take away, by name; true: all of them.',
      examples: [['employeeId']],
    }),
});
export type AgentRemovals = z.output<typeof agentRemovals>;
