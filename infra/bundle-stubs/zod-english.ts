/** Takes the place of zod's English messages: they are in the file that `zod.ts` loads. */
export default (): unknown => require('./zod-library.js').english();
