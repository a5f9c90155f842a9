import * as z from 'zod';
import { duration } from './duration.ts';

/** A window of the brake, with its own defaults. */
const window = (percent: number, atLeast: number, within: string, description: string) =>
  z
    .strictObject({
      percent: z
        .number()
        .min(0)
        .max(100)
        .prefault(percent)
        .meta({
          description: 'From this share of the agents on, in percent.',
          examples: [percent],
        }),
      atLeast: z
        .int()
        .min(1)
        .prefault(atLeast)
        .meta({ description: 'And from this number of agents on.', examples: [atLeast] }),
      within: duration('1h')
        .prefault(within)
        .meta({ description: 'Within this time: a number and s, m, h or d.', examples: [within] }),
    })
    .prefault({})
    .meta({ description, examples: [{ percent, atLeast, within }] });

/** The `lifecycle` section of a tenant. */
export const lifecycle = z
  .strictObject({
    onDeactivate: z
      .enum(['suspend', 'strip', 'ignore'])
      .prefault('suspend')
      .meta({
        description:
          'Who is deactivated, or no longer wanted as an agent: suspend, into the Unassigned group alone; strip, without skills, queues and, as far as SmartAssist lets it, channels as well; or ignore, left as it is.',
        examples: ['suspend'],
      }),
    onDelete: z
      .enum(['suspend', 'remove', 'removeUser'])
      .prefault('suspend')
      .meta({
        description:
          'Who is deleted at the identity provider: into the Unassigned group (suspend), the agent deleted (remove), or the agent and the user of the account with it (removeUser), which takes the admin app with User Management.',
        examples: ['suspend'],
      }),
    undoWithin: duration('1h')
      .prefault('10m')
      .meta({
        description:
          'A person deleted so soon after the agent was made was a connection test: the agent, if it was never online, is deleted whatever onDelete says. 0m is off.',
        examples: ['10m', '0m'],
      }),
    agentGroups: z
      .enum(['managed', 'all'])
      .prefault('managed')
      .meta({
        description:
          'Of an agent in several groups: managed exchanges the one that the rules give and leaves the others; all takes it out of them.',
        examples: ['managed'],
      }),
    drift: z
      .enum(['report', 'repair'])
      .prefault('report')
      .meta({
        description: 'What becomes of managed fields that somebody changed in SmartAssist by hand.',
        examples: ['report'],
      }),
    brake: z
      .strictObject({
        percent: z
          .number()
          .min(0)
          .max(100)
          .prefault(10)
          .meta({ description: 'From this share of all agents on, in percent.', examples: [10] }),
        atLeast: z
          .int()
          .min(1)
          .prefault(5)
          .meta({ description: 'And from this number of agents on.', examples: [5] }),
        within: duration('1h')
          .prefault('1h')
          .meta({ description: 'Within this time: a number and s, m, h or d.', examples: ['1h', '30m'] }),
        long: window(25, 10, '7d', 'The same over a longer time, for what leaks away slowly.'),
        changes: window(30, 20, '1h', 'The same for changes of agents that stay in service.'),
      })
      .prefault({})
      .meta({
        description:
          'Stops when many agents would leave service or be changed at once, until an operator decides. A share is of the agents in service when the time began.',
        examples: [{ percent: 10, atLeast: 5, within: '1h' }],
      }),
    retentionDays: z
      .int()
      .min(0)
      .max(3650)
      .prefault(30)
      .meta({ description: 'Days after which the data of a removed person is erased.', examples: [30] }),
  })
  .prefault({});
