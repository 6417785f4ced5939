/** The tools that an agent gets, in nobody's format. The converters beside this file put them into a framework's. */
import type { OperationLine } from '../catalog/describe.ts';
import { isMeant } from '../catalog/pattern.ts';
import type { App } from '../contract/app.ts';
import { RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { RunReport } from '../contract/receipt.ts';
import type { Scope } from '../contract/scope.ts';
import type { ConnectionsApi, RunOptions } from '../router/router.ts';
import { type Approval, approvalFor, CAUTIOUS } from './approval.ts';
import { metaTools } from './meta.ts';
import { outcomeOf, refusal, type ToolOutcome } from './outcome.ts';
import { specsOf, type ToolSpec } from './spec.ts';

/** What a model is told of a tool. */
export type ToolDescription = Omit<ToolSpec, 'operation' | 'effect' | 'sends'>;

/** What comes with one call of a tool, from the program and never from the model. */
export interface ToolContext {
  /** A person has said yes to this very call. */
  readonly approved?: boolean;
  readonly signal?: AbortSignal;
  /** With the same key the write happens once, however often it is called. */
  readonly idempotencyKey?: string;
}

export interface Tool extends ToolDescription {
  /** What `run` would say to this input without anybody's consent. */
  readonly approvalFor: (input: JsonObject) => Approval;
  /** Never rejects for what input, policy, backend or app refuse: that is an outcome. */
  readonly run: (input: JsonObject, context?: ToolContext) => Promise<ToolOutcome>;
}

export interface Toolset {
  /** In the order of the catalogue, always the same: providers cache prompts by it. */
  readonly tools: readonly Tool[];
  readonly approvalFor: (name: string, input: JsonObject) => Approval;
  /** It has an `approve`, so that no framework needs to ask. */
  readonly asksItself: boolean;
  /** Runs a tool by its name; asks `approve` where consent is needed. Arguments may come as the JSON text that a model wrote. */
  readonly call: (name: string, input: unknown, context?: ToolContext) => Promise<ToolOutcome>;
}

/** A call that needs a person's consent. */
export interface ApprovalRequest {
  readonly tool: string;
  readonly title: string;
  readonly input: JsonObject;
}

export interface ToolsetOptions {
  /** Operations by name, or with `*`: `lead.*`, `call.log`. Left out: all that the catalogue has. */
  readonly operations?: readonly string[];
  /**
   * `direct`: one tool per operation. `meta`: five tools to search, describe and run them all, for a catalogue that is too large to
   * be read at every turn. Default: `direct` when operations are named.
   */
  readonly expose?: 'meta' | 'direct';
  /** What the agent may do, and what it has to ask for; default: it asks before it deletes and before it reaches a person. */
  readonly scope?: Scope;
  /** Asks a person. Left out: calls that need consent end with `approval_required`, unless the framework has its own way of asking. */
  readonly approve?: (request: ApprovalRequest) => boolean | Promise<boolean>;
}

/** The router, as far as tools need it. The user is settled already: never a tool's argument. */
export interface ToolsetParts {
  readonly apps: readonly App[];
  readonly user: string;
  /** `deny` and `ask` of the configuration, which no option can lift. */
  readonly policy: Pick<Scope, 'deny' | 'ask'>;
  readonly run: (operation: string, input: JsonObject, options: RunOptions) => Promise<RunReport>;
  readonly connections: Pick<ConnectionsApi, 'list' | 'connect'>;
  readonly search: (app: App, query: string) => Promise<readonly OperationLine[]>;
}

export async function createToolset(parts: ToolsetParts, options: ToolsetOptions = {}): Promise<Toolset> {
  const { operations, expose = operations === undefined ? 'meta' : 'direct', scope = CAUTIOUS, approve } = options;
  const scopes = [scope, parts.policy];
  const wanted = operations ?? ['*'];
  const specs = (await specsOf(parts.apps, (entry) => wanted.some((pattern) => isMeant(pattern, entry)))).filter(mayEver(scopes));
  refuseUnknown(operations ?? [], specs, parts.apps);
  const tools = specs.map((spec) => toolOf(spec, { ...parts, scope, scopes }));
  const shown = expose === 'direct' ? tools : metaTools({ ...parts, specs, tools });
  return {
    tools: shown,
    approvalFor: (name, input) => toolNamed(shown, name)?.approvalFor(input) ?? 'auto',
    asksItself: approve !== undefined,
    call: caller(shown, approve),
  };
}

/** A tool that every call of which would be denied is not offered. */
function mayEver(scopes: readonly Scope[]): (spec: ToolSpec) => boolean {
  return (spec) => approvalFor(spec, {}, scopes) !== 'deny';
}

function toolOf(
  { operation, effect, sends, ...description }: ToolSpec,
  { run, user, scope, scopes }: ToolsetParts & { readonly scope: Scope; readonly scopes: readonly Scope[] },
): Tool {
  return {
    ...description,
    approvalFor: (input) => approvalFor({ operation, effect, sends }, input, scopes),
    run: async (input, { approved, signal, idempotencyKey } = {}) =>
      outcomeOf(
        await run(operation, input, {
          user,
          scope,
          ...(approved === undefined ? {} : { approved }),
          ...(signal === undefined ? {} : { signal }),
          ...(idempotencyKey === undefined || effect === 'read' ? {} : { idempotencyKey }),
        }),
      ),
  };
}

function caller(tools: readonly Tool[], approve: ToolsetOptions['approve']): Toolset['call'] {
  return async (name, raw, context = {}) => {
    const tool = toolNamed(tools, name);
    const input = tool && objectOf(raw);
    if (!tool) return refusal(unknownTool(name, tools).toJSON());
    if (!input) return refusal(unreadable(name).toJSON());
    const asks = approve !== undefined && context.approved === undefined && tool.approvalFor(input) === 'ask';
    return tool.run(input, asks ? { ...context, approved: await approve({ tool: name, title: tool.title, input }) } : context);
  };
}

function toolNamed(tools: readonly Tool[], name: string): Tool | undefined {
  return tools.find((tool) => tool.name === name);
}

/** The arguments as an object; models send them as JSON text, and nothing at all for a tool without fields. */
function objectOf(raw: unknown): JsonObject | undefined {
  if (raw === undefined || raw === null || raw === '') return {};
  const value: unknown = typeof raw === 'string' ? parsed(raw) : raw;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function unknownTool(name: string, tools: readonly Tool[]): RouterError {
  const few = tools.slice(0, 20).map((tool) => tool.name);
  return new RouterError('unknown_operation', {
    what: `there is no tool "${name.replaceAll(/[^\w.-]/g, '?').slice(0, 80)}"`,
    next: `There are ${few.join(', ')}${tools.length > few.length ? ' and others' : ''}.`,
  });
}

function unreadable(name: string): RouterError {
  return new RouterError('invalid_input', {
    what: `the arguments of ${name} are not a JSON object`,
    next: 'Write them as one JSON object and call again; nothing was sent.',
  });
}

/** A name without operation behind it is a slip of the pen, and the agent would miss its tool silently. */
function refuseUnknown(operations: readonly string[], specs: readonly ToolSpec[], apps: readonly App[]): void {
  const entries = apps.flatMap((app) => app.ids.map((id) => ({ app: app.id, id })));
  const idle = operations.filter((pattern) => !entries.some((entry) => isMeant(pattern, entry)));
  if (idle.length > 0) {
    throw new RouterError('configuration', {
      what: `no operation is called ${idle.join(', ')}`,
      next: 'Name operations as "skillrouter ops" does, e.g. lead.create or lead.*.',
    });
  }
  if (specs.length > 0) return;
  throw new RouterError('configuration', {
    what: 'no tool is left',
    next: `The policy or the scope denies ${operations.join(', ') || 'all operations'}.`,
  });
}
