import type { McpServerFactory } from '@modelcontextprotocol/server';
import { serveStdio } from '@modelcontextprotocol/server/stdio';

/** Serves the client at stdin and stdout until it hangs up, or `stopped` says so. Calls in flight are then cancelled. */
export async function serveStandardIo(
  factory: McpServerFactory,
  { stopped, onRefusal }: { readonly stopped: Promise<void>; readonly onRefusal: (error: Error) => void },
): Promise<void> {
  const hungUp = new Promise<void>((resolve) => {
    process.stdin.once('end', resolve).once('close', resolve);
  });
  const serving = serveStdio(factory, { onerror: onRefusal });
  await Promise.race([hungUp, stopped]);
  await serving.close();
}
