/**
 * Does `work` for every item, at most `lanes` at once; answers in the order of the items. After a failure nothing new is
 * begun, what is under way is waited for, and the first failure is thrown.
 */
export const concurrently = async <T, R>(
  lanes: number,
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> => {
  const results: R[] = [];
  const failures: unknown[] = [];
  const queue = [...items].entries();
  const lane = async (): Promise<void> => {
    for (const [place, item] of queue) {
      if (failures.length > 0) return;
      try {
        results[place] = await work(item);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
  return results;
};
