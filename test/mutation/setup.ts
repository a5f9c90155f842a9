import fc from 'fast-check';

// A property is tried less often than usual: it is tried for each of thousands of mutants.
fc.configureGlobal({ numRuns: 15 });
