/** What is asked for one by one at the same moment is read at once. */
export function batched<Answer>(
  read: (ids: readonly string[]) => Promise<ReadonlyMap<string, Answer>>,
): (id: string) => Promise<Answer | undefined> {
  const begin = () => {
    const ids = new Set<string>();
    const answers = Promise.resolve().then(() => {
      waiting = undefined;
      return read([...ids]);
    });
    return { ids, answers };
  };
  let waiting: ReturnType<typeof begin> | undefined;
  return async (id) => {
    waiting ??= begin();
    const { ids, answers } = waiting;
    ids.add(id);
    return (await answers).get(id);
  };
}
