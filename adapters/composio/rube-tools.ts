import type { JsonObject } from '../../src/contract/guards.ts';
import { manageConnections } from './rube-connections.ts';
import type { Envelope, Prefix, RubeCall, RubeDesk } from './rube-desk.ts';
import { multiExecute } from './rube-execute.ts';
import { getToolSchemas } from './rube-schemas.ts';
import { searchTools } from './rube-search.ts';
import { waitForConnections } from './rube-wait.ts';

/** One meta tool; its name stands in the table, without prefix. */
export interface MetaTool {
  readonly title: string;
  readonly description: (prefix: Prefix) => string;
  readonly inputSchema: JsonObject;
  readonly annotations: {
    readonly readOnlyHint: boolean;
    readonly destructiveHint: boolean;
    readonly idempotentHint: boolean;
    readonly openWorldHint: boolean;
  };
  /** An older name of it: understood, not listed. */
  readonly formerly?: string;
  run(desk: RubeDesk, call: RubeCall, args: unknown): Promise<Envelope>;
}

const text = (description: string): JsonObject => ({ type: 'string', description });
const texts = (description: string): JsonObject => ({ type: 'array', minItems: 1, items: { type: 'string' }, description });
const session_id = text('The session.id of the search that this belongs to');
const object = (required: readonly string[], properties: JsonObject): JsonObject => ({ type: 'object', properties, required });

/**
 * Names, arguments and hints as published; the descriptions are our own.
 * Source: docs/public/data/meta-tools.json@28a46698 of ComposioHQ/composio, generated from its live API.
 */
export const META_TOOLS: Readonly<Record<string, MetaTool>> = {
  SEARCH_TOOLS: {
    title: 'Search tools',
    description: (prefix) =>
      `Find the tools for a task in Close CRM: slugs, input schemas, a plan, pitfalls, and whether the user is connected. Call it first; then run the tools with ${prefix}MULTI_EXECUTE_TOOL. Example: queries [{"use_case": "log a call on a lead", "known_fields": "lead_id:lead_1"}], session {"generate_id": true}.`,
    inputSchema: object(['queries'], {
      queries: {
        type: 'array',
        minItems: 1,
        description: 'One query per action, prerequisites included',
        items: object(['use_case'], {
          use_case: { ...text('What is to be done, in English, without names and ids'), maxLength: 1024 },
          known_fields: text('What is known already: "lead_id:lead_1, status:sent"'),
        }),
      },
      session: {
        type: 'object',
        description: '{"generate_id": true} for a new workflow, {"id": "…"} to go on with one',
        properties: { id: { type: 'string' }, generate_id: { type: 'boolean' } },
      },
      model: text('The model that calls; of no effect here'),
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    run: searchTools,
  },
  GET_TOOL_SCHEMAS: {
    title: 'Get tool schemas',
    description: (prefix) =>
      `The whole input schemas of tools by slug; take the slugs from ${prefix}SEARCH_TOOLS. An unknown slug is answered with the closest ones.`,
    inputSchema: object(['tool_slugs'], {
      tool_slugs: texts('Slugs, e.g. ["CLOSE_CREATE_LEAD"]'),
      include: { type: 'array', items: { type: 'string', enum: ['input_schema', 'output_schema'] }, default: ['input_schema'] },
      session_id,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    run: getToolSchemas,
  },
  MANAGE_CONNECTIONS: {
    title: 'Manage connections',
    description: (prefix) =>
      `Check whether the user is connected to an app, and get a link to connect where not. Show redirect_url to the user as a Markdown link, then call ${prefix}WAIT_FOR_CONNECTIONS. Run tools only when the status is active.`,
    inputSchema: object(['toolkits'], {
      toolkits: texts('Toolkits, e.g. ["close"]'),
      reinitiate_all: { type: 'boolean', default: false, description: 'Make a new link although there is an active connection' },
      session_id,
    }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    run: manageConnections,
  },
  WAIT_FOR_CONNECTIONS: {
    title: 'Wait for connections',
    formerly: 'WAIT_FOR_CONNECTION',
    description: (prefix) =>
      `Wait until the user has finished on the link from ${prefix}MANAGE_CONNECTIONS. Call it only after you have shown the link.`,
    inputSchema: object(['toolkits'], {
      toolkits: texts('Toolkits, e.g. ["close"]'),
      mode: { type: 'string', enum: ['any', 'all'], default: 'any', description: 'Until one of them is active or failed, or all are' },
      session_id,
    }),
    annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
    run: waitForConnections,
  },
  MULTI_EXECUTE_TOOL: {
    title: 'Run tools',
    description: (prefix) =>
      `Run up to 50 independent tools at once; results come in the order of the calls, each with its own error. Arguments exactly as in the input_schema of ${prefix}SEARCH_TOOLS. Do not use it for steps that need each other's results: call it once per step. Example: tools [{"tool_slug": "CLOSE_CREATE_LEAD", "arguments": {"name": "Acme"}}].`,
    inputSchema: object(['tools', 'sync_response_to_workbench'], {
      tools: {
        type: 'array',
        minItems: 1,
        maxItems: 50,
        items: object(['tool_slug', 'arguments'], {
          tool_slug: text('A slug from the search'),
          arguments: { type: 'object', additionalProperties: true, description: 'Its arguments' },
        }),
      },
      sync_response_to_workbench: { type: 'boolean', description: 'Of no effect here: results are always in the answer' },
      thought: text('Why, in one sentence'),
      current_step: text('The step of the workflow, e.g. LOGGING_CALLS'),
      current_step_metric: text('How far it is: "3/10 leads"'),
      session_id,
    }),
    annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true },
    run: multiExecute,
  },
};
