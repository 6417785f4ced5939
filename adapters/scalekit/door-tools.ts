import { randomBytes } from 'node:crypto';
import { toToolData } from '../../src/binding/arguments.ts';
import { isOfApp } from '../../src/binding/serve.ts';
import type { CallContext, Outcome } from '../../src/contract/executor.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import type { PublishedTool } from './close-tools.ts';
import { findTool, readToolCall, type ToolCallRead } from './door-arguments.ts';
import { accountsNamed, CODE, contextFor, type Desk, paged, Refusal, theOne } from './door-desk.ts';
import { providerOf } from './door-rows.ts';
import { enforce, RULES } from './door-rules.ts';
import type { Answer, Handler, ToolMethods } from './door-types.ts';
import { toolCode, writeTool } from './errors.ts';

export const executeTool: Handler<ToolMethods['executeTool']> = async (desk, request, call) => {
  const { toolName, identifier, connector, connectedAccountId, params = {} } = request;
  enforce([
    ['tool_name', toolName, RULES.toolName],
    ['connector', connector, RULES.connector],
    ['connected_account_id', connectedAccountId, RULES.anyAccountId],
    ['organization_id', request.organizationId, RULES.longId],
    ['user_id', request.userId, RULES.longId],
  ]);
  const tool = findTool(desk, toolName);
  // A call without connector, as the page's samples make it, means the user's only account.
  const context = await contextFor(desk, call, { id: connectedAccountId, connector, identifier });
  const read = readToolCall(desk, tool, params);
  await checkCurrency(desk, read, context);
  const executionId = `exec_${randomBytes(9).toString('base64url')}`;
  const outcome = await desk.host.executor.run({ operation: `${desk.app.id}.${read.operation}`, input: read.input }, context);
  // guess: `data` is the app's raw JSON.
  if (outcome.ok) return { data: toToolData(read, outcome.data) as Answer<ToolMethods['executeTool']>['data'], executionId };
  throw refusalOf(desk, outcome, executionId);
};

export const listTools: Handler<ToolMethods['listTools']> = async (desk, { filter, pageSize, pageToken }) => {
  enforce([
    ['filter.provider', filter?.provider, RULES.provider],
    ['filter.query', filter?.query || undefined, RULES.search],
    ['filter.connected_account_id', filter?.connectedAccountId, RULES.accountId],
  ]);
  const { provider = '', toolName = [], query = '' } = filter ?? {};
  const found = (provider === '' || provider === providerOf(desk) ? desk.tools : []).filter(
    ({ name, summary }) => (toolName.length === 0 || toolName.includes(name)) && `${name} ${summary}`.includes(query.toLowerCase()),
  );
  const { items, ...paging } = paged(found, { pageSize, pageToken });
  if (filter?.summary) return { toolNames: items.map(({ name }) => name), ...paging };
  return { tools: items.map((tool) => toTool(desk, tool)), toolNames: items.map(({ name }) => name), ...paging };
};

/** guess: only accounts that are ACTIVE bring tools. */
export const listScopedTools: Handler<ToolMethods['listScopedTools']> = async (desk, request, call) => {
  const { identifier, filter, pageSize, pageToken } = request;
  enforce([['identifier', identifier, RULES.required]]);
  if (!filter) throw new Refusal(CODE.invalid, 'filter is required');
  const { providers, toolNames, connectionNames } = filter;
  const isMeant =
    (providers.length === 0 || providers.includes(providerOf(desk))) &&
    (connectionNames.length === 0 || connectionNames.includes(desk.connector));
  const account = isMeant ? theOne(await accountsNamed(desk, call, { identifier })) : undefined;
  const tools = desk.tools.filter(({ name }) => toolNames.length === 0 || toolNames.includes(name));
  const scoped = account ? tools.map((tool) => ({ tool, id: account.id })) : [];
  const { items, ...paging } = paged(scoped, { pageSize, pageToken });
  return { tools: items.map(({ tool, id }) => ({ tool: toTool(desk, tool), identifier, connectedAccountId: id })), ...paging };
};

export const listAvailableTools: Handler<ToolMethods['listAvailableTools']> = async (desk, { identifier, pageSize, pageToken }) => {
  enforce([['identifier', identifier, RULES.required]]);
  const { items, ...paging } = paged(desk.tools, { pageSize, pageToken });
  return { tools: items.map((tool) => toTool(desk, tool)), ...paging };
};

/** An amount in another currency than the organization's would be another amount. guess: that it is refused, as the app would. */
async function checkCurrency(desk: Desk, { currency }: ToolCallRead, context: CallContext): Promise<void> {
  if (currency === undefined) return;
  const read = async (operation: string, input: JsonObject): Promise<unknown> => {
    const outcome = await desk.host.executor.run({ operation: `${desk.app.id}.${operation}`, input }, context);
    return outcome.ok ? outcome.data : undefined;
  };
  const me = await read('me.get', {});
  const [first]: readonly unknown[] = isObject(me) && Array.isArray(me['organizations']) ? me['organizations'] : [];
  const own =
    stringAt(first, 'currency') ?? stringAt(await read('organization.get', { organization_id: stringAt(first, 'id') ?? '' }), 'currency');
  if (own === currency) return;
  const problem = own === undefined ? 'the currency of the organization could not be read' : `the organization books in ${own}`;
  throw new Refusal(CODE.invalid, `value_currency: ${problem}`, { fields: [{ path: 'value_currency', problem }] });
}

/**
 * What the app refused is marked as its word; what never reached it is Scalekit's own. So is an app that is down, whoever says so:
 * the executor has repeated the read as often as it is worth, and an unmarked `unavailable` makes the SDK do so again, with sleeps.
 */
function refusalOf({ app }: Desk, { error }: Extract<Outcome, { ok: false }>, executionId: string): Error {
  if (!isOfApp(error) && error.code !== 'backend_unavailable') return error;
  const { status, body } = app.errors.write(error);
  const tool = { executionId, toolErrorCode: toolCode(status), toolErrorMessage: JSON.stringify(body) };
  return new Refusal(writeTool(status).code, error.message, { tool });
}

/** guess: the ids; the keys of a definition are those that the docs read. */
function toTool(desk: Desk, { name, summary, inputs, required }: PublishedTool): object {
  return {
    id: `tol_${Buffer.from(name).toString('base64url').slice(0, 24)}`,
    provider: providerOf(desk),
    definition: { name, description: summary, input_schema: { type: 'object', properties: inputs, required: [...required] } },
    tags: [],
    isDefault: true,
  };
}
