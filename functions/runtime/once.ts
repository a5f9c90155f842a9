/**
 * Makes a value when it is first asked for, and keeps it. Schemas are made so: a function that starts on AWS spends no
 * time on those that its first answer doesn't need.
 */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
