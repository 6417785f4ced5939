/** A refusal before any message was read, as JSON-RPC has it for a request without a known id. Repeats nothing that was sent. */
export function refused(status: number, message: string, headers: Readonly<Record<string, string>> = {}): Response {
  return Response.json(
    { jsonrpc: '2.0', id: null, error: { code: CODES[status] ?? -32_000, message } },
    { status, headers: { ...headers } },
  );
}

/** What is no message at all has codes of its own; everything else is one of ours. */
const CODES: Readonly<Record<number, number>> = { 400: -32_700 };
