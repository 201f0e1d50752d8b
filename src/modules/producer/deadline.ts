/**
 * Waits for a promise no longer than to a point in time.
 *
 * @param deadline epoch ms
 * @param tooLate makes the error for a promise that is late
 */
export async function withinDeadline<T>(promise: Promise<T>, deadline: number, tooLate: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(tooLate()), Math.max(1, deadline - Date.now()));
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
