/** The answer, or what stands for it when it does not come within `ms`. The answer may still come; nobody hears it then. */
export async function within<Value>(ms: number, answer: Promise<Value>, instead: Value): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Value>((resolve) => {
    timer = setTimeout(() => resolve(instead), Math.max(1, ms));
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}
