import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';

/** The agent that has to stand there in the end, in names. */
export const agentSchema = z.strictObject({
  emailId: z.string(),
  name: z.string(),
  agentGroup: z.string(),
  role: z.string(),
  skills: z.array(z.string()),
  languages: z.array(z.string()),
  queues: z.array(z.string()),
});

/**
 * A conversation as an identity provider really leads it: its requests in order, what the answers' status must be, and
 * the agent that has to stand there in the end. Kept as JSON in test/fixtures/conversations.
 */
const conversationSchema = z.strictObject({
  client: z.string(),
  /** Where the shape of the requests is documented. */
  shape: z.string(),
  requests: z.array(
    z.strictObject({
      method: z.enum(['GET', 'POST', 'PUT', 'PATCH', 'DELETE']),
      /** Below the SCIM base URL. */
      path: z.string(),
      headers: z.record(z.string(), z.string()),
      body: z.unknown().optional(),
      status: z.number(),
    }),
  ),
  agent: agentSchema,
});
export type Conversation = z.output<typeof conversationSchema>;

const FOLDER = join(import.meta.dirname, '../test/fixtures/conversations');

export function readConversations(): Conversation[] {
  return readdirSync(FOLDER)
    .toSorted()
    .map((file) => conversationSchema.parse(JSON.parse(readFileSync(join(FOLDER, file), 'utf8'))));
}

/**
 * Leads a conversation with the server at `base`.
 *
 * @returns the milliseconds that the last request took
 * @throws Error when an answer has another status than it should
 */
export async function replay(conversation: Conversation, base: string, token: string): Promise<number> {
  let took = 0;
  for (const { method, path, headers, body, status } of conversation.requests) {
    const began = performance.now();
    const response = await fetch(base + path, {
      method,
      headers: { ...headers, authorization: `Bearer ${token}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    took = performance.now() - began;
    if (response.status !== status) {
      throw new Error(
        `${conversation.client}: ${method} ${path} answered ${response.status} instead of ${status}: ${answer}`,
      );
    }
  }
  return took;
}
