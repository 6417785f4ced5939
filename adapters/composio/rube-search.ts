import { parsed } from '../../src/binding/stringified.ts';
import type { ToolPage } from '../../src/binding/toolbox.ts';
import { isObject, isStrings, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { type ArgumentNames, readArguments, sessionIn } from './rube-arguments.ts';
import { toolkitStatus } from './rube-connections.ts';
import { type Envelope, type RubeCall, type RubeDesk, RubeRefusal, success } from './rube-desk.ts';
import { type Plan, planOf } from './rube-plan.ts';

const KNOWN: ArgumentNames = {
  names: ['queries', 'session', 'model'],
  // In 2025 a search was one use case.
  also: ['session_id', 'query', 'use_case', 'known_fields', 'toolkits', 'exploratory_query'],
};
const LONGEST_USE_CASE = 1024;
/** guess: how many at once is not published. */
const MOST_QUERIES = 20;

interface Query {
  readonly useCase: string;
  readonly knownFields: readonly string[];
}

/** SEARCH_TOOLS: which tools fit a use case, with their schemas, a plan, what goes wrong, and whether the app is connected. */
export async function searchTools(desk: RubeDesk, call: RubeCall, raw: unknown): Promise<Envelope> {
  const args = readArguments(raw, KNOWN);
  const queries = readQueries(args);
  const plans = await Promise.all(queries.map(({ useCase, knownFields }) => planOf(desk.toolbox, call.prefix, useCase, knownFields)));
  const status = await toolkitStatus(desk, call);
  const given = sessionIn(args);
  const isNew = given === undefined || (isObject(args['session']) && args['session']['generate_id'] === true);
  const id = isNew ? `trs_${crypto.randomUUID().replaceAll('-', '').slice(0, 12)}` : given;
  return success({
    results: plans.map((plan, at) => toResult(desk, plan, at, queries[at]?.useCase ?? '')),
    tool_schemas: schemasOf(plans, call),
    toolkit_connection_statuses: [status],
    time_info: timeOf(desk.host.now()),
    session: { id, generate_id: isNew, instructions: `Pass session_id "${id}" in the ${call.prefix}* calls of this workflow.` },
    next_steps_guidance: guidance(status['has_active_connection'] === true, desk.app.id, call),
  });
}

function readQueries(args: JsonObject): readonly Query[] {
  const raw = typeof args['queries'] === 'string' ? parsed(args['queries']) : args['queries'];
  const listed: readonly unknown[] = Array.isArray(raw) ? raw : [raw ?? { ...args, use_case: args['use_case'] ?? args['query'] }];
  if (listed.length > MOST_QUERIES)
    throw new RubeRefusal(`queries has ${listed.length} entries; at most ${MOST_QUERIES} are taken. Nothing was searched.`);
  return listed.map((one, at) => {
    const useCase = (typeof one === 'string' ? one : (stringAt(one, 'use_case') ?? '')).trim();
    if (useCase === '')
      throw new RubeRefusal(
        `queries[${at}].use_case must say what is to be done, e.g. {"use_case": "create a lead"}. Nothing was searched.`,
      );
    if (useCase.length > LONGEST_USE_CASE)
      throw new RubeRefusal(`queries[${at}].use_case has ${useCase.length} characters; at most ${LONGEST_USE_CASE}. Nothing was searched.`);
    return { useCase, knownFields: readKnown(isObject(one) ? one['known_fields'] : undefined) };
  });
}

/** Their names: `lead_id:lead_1, note:x` or an object. */
function readKnown(known: unknown): readonly string[] {
  if (isObject(known)) return Object.keys(known);
  const text = isStrings(known) ? known.join(',') : known;
  return typeof text === 'string' ? [...text.slice(0, LONGEST_USE_CASE).matchAll(/(\w{1,60})\s*[:=]/g)].map(([, name = '']) => name) : [];
}

function toResult(desk: RubeDesk, { primary, related, steps }: Plan, at: number, useCase: string): JsonObject {
  const pitfalls = primary[0]?.pitfalls ?? [];
  const found = primary.length > 0;
  return {
    index: at + 1,
    use_case: useCase,
    primary_tool_slugs: primary.map(({ name }) => name),
    related_tool_slugs: related.map(({ name }) => name),
    toolkits: found ? [desk.app.id] : [],
    reasoning: found
      ? `The tools of ${desk.app.id} whose names, summaries and fields fit the words best.`
      : `No tool of ${desk.app.id} fits the words.`,
    // guess: the words for it; here it says whether something has to be looked up first.
    task_difficulty: steps.length > primary.length ? 'medium' : 'easy',
    ...(found ? { recommended_plan_steps: steps } : {}),
    ...(pitfalls.length > 0 ? { known_pitfalls: pitfalls } : {}),
    error: found ? null : `Nothing found. Only ${desk.app.id} is served here; say it in other words, e.g. "list leads" or "log a call".`,
  };
}

function schemasOf(plans: readonly Plan[], { prefix }: RubeCall): JsonObject {
  const related = plans
    .flatMap((plan) => plan.related)
    .map((page) => [page.name, { ...told(page), schemaRef: refTo(page, `${prefix}GET_TOOL_SCHEMAS`) }] as const);
  const primary = plans.flatMap((plan) => plan.primary).map((page) => [page.name, { ...told(page), input_schema: page.schema }] as const);
  return Object.fromEntries([...related, ...primary]);
}

function told({ name, description, pitfalls, published, effect }: ToolPage): JsonObject {
  const origin = published ? [] : ['Not a tool of Composio: this server offers it beside those.'];
  const guidelines = [...origin, ...(effect === 'destructive' ? ['Ask the user first: it cannot be undone.'] : []), ...pitfalls].join(' ');
  return {
    tool_slug: name,
    toolkit: name.split('_')[0]?.toLowerCase(),
    description,
    ...(guidelines ? { usage_guidelines: guidelines } : {}),
  };
}

/** guess: what a schemaRef looks like is not published. */
function refTo({ name }: ToolPage, tool: string): JsonObject {
  return { tool, args: { tool_slugs: [name] } };
}

function timeOf(now: Date): JsonObject {
  return {
    current_time_utc: now.toISOString(),
    current_time_utc_epoch_seconds: Math.floor(now.getTime() / 1000),
    message: "This is UTC. Ask the user for their time zone before you turn words like 'tomorrow' into a date.",
  };
}

function guidance(isConnected: boolean, app: string, { prefix }: RubeCall): readonly string[] {
  const connect = `Connect first: call ${prefix}MANAGE_CONNECTIONS with toolkits ["${app}"], show the user the link, then ${prefix}WAIT_FOR_CONNECTIONS.`;
  return [
    ...(isConnected ? [] : [connect]),
    `Run the tools with ${prefix}MULTI_EXECUTE_TOOL, with arguments as in their input_schema; only independent ones in one call.`,
    `Where a schema is missing, call ${prefix}GET_TOOL_SCHEMAS.`,
  ];
}
