import type { HttpResponse, Transport } from '../functions/runtime/transport.ts';

/** Answers as they came over the network, oldest first. */
export interface Answers {
  readonly answers: readonly { readonly response: HttpResponse; readonly at: number }[];
  readonly transport: Transport;
}

export function listenTo(transport: Transport): Answers {
  const answers: { readonly response: HttpResponse; readonly at: number }[] = [];
  return {
    answers,
    transport: async (request) => {
      const response = await transport(request);
      answers.push({ response, at: Date.now() });
      return response;
    },
  };
}
