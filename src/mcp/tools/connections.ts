import type { ConnectionsReport } from '../../contract/connections-report.ts';
import { isRouterError } from '../../contract/errors.ts';
import { checkedArguments } from '../arguments.ts';
import { APP, appNamed } from '../fields.ts';
import { READS } from '../hints.ts';
import { answered, outputSchema } from '../results.ts';
import type { Services, WhoseConnections } from '../services.ts';
import type { Tool, ToolRequest, ToolResult } from '../tool.ts';

const LONGEST_WAIT_SECONDS = 120;

/** The user's connections; on request proved, or waited for. */
export function connections(services: Services): Tool {
  const inputSchema = {
    type: 'object',
    properties: {
      app: APP,
      check: { type: 'boolean', description: 'Prove each one by asking the app' },
      wait_seconds: {
        type: 'integer',
        minimum: 0,
        maximum: LONGEST_WAIT_SECONDS,
        description: 'Wait until one is usable, after the person got a link',
      },
    },
    additionalProperties: false,
  };
  return {
    name: 'connections',
    title: 'Connections',
    description: "The user's connections to the app on every backend, and their status; active ones can be used. Makes none: see connect.",
    inputSchema,
    outputSchema: outputSchema({
      usable: { type: 'boolean' },
      connections: { type: 'array', items: { type: 'object' } },
      unreachable: { type: 'array', items: { type: 'object' } },
    }),
    annotations: READS,
    call: async (raw, request) => {
      const { app, check, wait_seconds: seconds } = checkedArguments('connections', inputSchema, raw);
      const query = { app: appNamed(services, app), user: request.caller.user };
      if (typeof seconds === 'number' && seconds > 0) await wait(services, { ...query, timeoutMs: seconds * 1000 }, request);
      return show(await (check ? services.connections.check(query) : services.connections.list(query)), services);
    },
  };
}

/** Whether it was in time shows in the list that follows. */
async function wait(
  { connections: { wait: untilUsable } }: Services,
  query: WhoseConnections & { readonly timeoutMs: number },
  { progress, signal }: ToolRequest,
): Promise<void> {
  try {
    await untilUsable(query, (status) => progress(`waiting: ${status}`), signal);
  } catch (error) {
    if (!isRouterError(error) || error.code !== 'timeout') throw error;
  }
}

function show({ connections: found, unreachable }: ConnectionsReport, { linking }: Services): ToolResult {
  const usable = found.some(({ status }) => status === 'active');
  const rows = found.map(({ backend, connection, status, account, detail, connect_url }) => ({
    via: `${backend}:${connection}`,
    status,
    ...(account ? { account } : {}),
    ...(detail && status !== 'active' ? { detail } : {}),
    ...(connect_url ? { connect_url } : {}),
  }));
  const next = usable ? '' : `next: call connect${linking.length > 0 ? ` (it makes links with ${linking.join(', ')})` : ''}`;
  return answered(
    [
      usable ? 'usable: yes' : 'usable: no',
      ...rows.map(({ via, status, account = '', detail = '', connect_url = '' }) =>
        [via, status, account, detail, connect_url].filter(Boolean).join('  '),
      ),
      ...unreachable.map(({ backend, message }) => `unreachable: ${backend}  ${message}`),
      next,
    ],
    { usable, connections: rows, unreachable },
  );
}
