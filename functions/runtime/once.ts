/**
 * Makes a value when it is first asked for, and keeps it; a promise that is rejected is not kept. Schemas are made so: a
 * function that starts on AWS spends no time on those that its first answer doesn't need.
 */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    if (made !== undefined) return made.value;
    const now = { value: make() };
    made = now;
    if (now.value instanceof Promise) {
      now.value.catch(() => {
        if (made === now) made = undefined;
      });
    }
    return now.value;
  };
}
