const { PATH, NODE_COMPILE_CACHE } = process.env;

/** The environment of a program that is started: nothing of this machine's but where programs and compiled modules are. */
export const BARE = { PATH, NODE_COMPILE_CACHE };
