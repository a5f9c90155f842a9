import * as z from 'zod';

const duration = z
  .string()
  .regex(/^\d+[smhd]$/, 'a number and s, m, h or d, such as 1h')
  .transform(
    (value) => Number.parseInt(value, 10) * { s: 1, m: 60, h: 3600, d: 86400 }[value.slice(-1) as 's'],
  );

/** The `lifecycle` section of a tenant. */
export const lifecycle = z
  .strictObject({
    onDeactivate: z
      .enum(['suspend', 'ignore'])
      .prefault('suspend')
      .meta({
        description:
          'Who is deactivated, or no longer wanted as an agent: into the Unassigned group, or left as it is.',
        examples: ['suspend'],
      }),
    onDelete: z
      .enum(['suspend', 'remove'])
      .prefault('suspend')
      .meta({
        description: 'Who is deleted at the identity provider: into the Unassigned group, or deleted.',
        examples: ['suspend'],
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
        within: duration
          .prefault('1h')
          .meta({ description: 'Within this time: a number and s, m, h or d.', examples: ['1h', '30m'] }),
      })
      .prefault({})
      .meta({
        description: 'Stops putting many agents out of service at once, until somebody confirms it.',
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
