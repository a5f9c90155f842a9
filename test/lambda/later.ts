/** Loaded before a runtime: its clock is so many milliseconds ahead, so that no test waits for a lease to run out. */
const ahead = Number(process.env.CLOCK_AHEAD_MS ?? 0);

const Real = Date;
globalThis.Date = new Proxy(Real, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [Real.now() + ahead] : args, newTarget),
  get: (target, key, receiver) =>
    key === 'now' ? () => Real.now() + ahead : Reflect.get(target, key, receiver),
});
