import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/lambda`. */
export const lambda: readonly Bug[] = [
  {
    name: 'metrics of a failure lost',
    sentence: 'What was measured is not written when the handler fails.',
    file: 'functions/lambda/emf.ts',
    from: '    try {\n      return await handler(event, context);\n    } finally {\n      metrics.flush(context.awsRequestId);\n    }',
    to: '    const answer = await handler(event, context);\n    metrics.flush(context.awsRequestId);\n    return answer;',
    tests: ['test/lambda/emf.test.ts'],
  },
  {
    name: 'lines twice',
    sentence: 'What was measured is written again with the next event.',
    file: 'functions/lambda/emf.ts',
    from: '      lines.clear();\n',
    to: '',
    tests: ['test/lambda/emf.test.ts'],
  },
];
