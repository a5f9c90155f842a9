import type { Bug } from '../bug.ts';

/** Mistakes of the room `functions/signup`. */
export const signup: readonly Bug[] = [
  {
    name: 'any trigger is a sign-up',
    sentence: 'A reset password makes an agent.',
    file: 'functions/signup/cognito.ts',
    from: "type !== 'PostConfirmation_ConfirmSignUp' || ",
    to: '',
    tests: ['test/signup/signup.test.ts'],
  },
];
