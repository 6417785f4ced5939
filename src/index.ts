/** The public API. Every name is listed by hand; a name that is not here may change at any time. */
import { environment } from './app.ts';
import type { CloseOperation, CloseOperations } from './catalog/close/types.ts';
import { parseConfig } from './config/parse.ts';
import type { JsonObject } from './contract/guards.ts';
import type { RunReport } from './contract/receipt.ts';
import type { Core, Extensions } from './core.ts';
import { rememberInside } from './mcp/parts.ts';
import { operationNames } from './operations.ts';
import { pages } from './router/pages.ts';
import type { ConnectionsApi, Coverage, Explanation, RunOptions, UndoOptions, UndoReport } from './router/router.ts';
import type { AiSdkTools } from './toolsets/ai-sdk.ts';
import type { AnthropicTool } from './toolsets/anthropic.ts';
import type { McpTools } from './toolsets/mcp-tools.ts';
import type { OpenAiTools } from './toolsets/openai.ts';
import type { Toolset, ToolsetOptions } from './toolsets/toolset.ts';

export type { BindingDeclaration, DeclaredCell } from './binding/declare.ts';
export type { CloseOperation, CloseOperations } from './catalog/close/types.ts';
export { type AppDeclaration, createApp } from './catalog/create-app.ts';
export { intent, operation } from './catalog/operation.ts';

import { errorFromJson } from './contract/errors.ts';

export type { ErrorCode, ErrorJson, FieldProblem } from './contract/errors.ts';
export { ERRORS, isRouterError, RouterError } from './contract/errors.ts';
export type { Attempt, Receipt, RunReport, Verdict, VerdictReason } from './contract/receipt.ts';
export type { Scope } from './contract/scope.ts';
export type { Extensions } from './core.ts';
export type { ConnectionsApi, Coverage, Explanation, UndoOptions, UndoReport, UndoStep } from './router/router.ts';

export type { Approval } from './toolsets/approval.ts';
export { approvalFor } from './toolsets/approval.ts';
export type { ToolOutcome } from './toolsets/outcome.ts';
export type { Risk, ToolAnnotations, ToolSpec } from './toolsets/spec.ts';
export type { ApprovalRequest, Tool, ToolContext, ToolDescription, Toolset, ToolsetOptions } from './toolsets/toolset.ts';

/** The same as `skillrouter.yaml`. `${NAME}` in a text reads the environment; a program may also give secrets as they are. */
export interface RouterConfig {
  readonly backends: {
    readonly rest?: { readonly api_key?: string; readonly base_url?: string };
    readonly composio?: {
      readonly api_key: string;
      readonly auth_config?: string;
      readonly toolkit_version?: string;
      readonly base_url?: string;
    };
    readonly membrane?: {
      readonly workspace_key: string;
      readonly workspace_secret: string;
      readonly integration?: string;
      readonly base_url?: string;
    };
    readonly scalekit?: {
      readonly env_url: string;
      readonly client_id: string;
      readonly client_secret: string;
      readonly connector?: string;
    };
  };
  /** Who a user is on each backend; left out, the name is the same everywhere. */
  readonly users?: Readonly<Record<string, UserConfig>>;
  readonly default_user?: string;
  readonly policy?: {
    readonly prefer?: readonly string[];
    readonly pin?: Readonly<Record<string, string>>;
    readonly deny?: readonly string[];
    readonly ask?: readonly string[];
    readonly account?: 'user' | 'organization';
    /** How long a result can be replayed by its idempotency key; default 7 days. */
    readonly keep_keys_days?: number;
    /** Updates keep what was there before, so that they can be undone; default false, since it costs a read for each. */
    readonly undo?: boolean;
    /** How long a write can be undone; default 7 days. */
    readonly keep_undo_days?: number;
  };
  /** The journal's file, `:memory:`, or `postgres://…`; default ./.skillrouter/journal.db. SKILLROUTER_STORE overrides it. */
  readonly store?: string;
}

export interface UserConfig {
  readonly rest?: string | { readonly user?: string; readonly api_key?: string };
  readonly composio?: string | { readonly user?: string };
  readonly membrane?: string | { readonly user?: string };
  readonly scalekit?: string | { readonly user?: string };
}

/** As `RunOptions` of the core; without `user`, the configuration's default one. */
export type CallOptions = Omit<RunOptions, 'user'> & { readonly user?: string };

/** What a call came to: the operation's own output, or an error with its code; a receipt either way. */
export type Report<Output> =
  | (Omit<Extract<RunReport, { ok: true }>, 'data'> & { readonly data: Output })
  | Extract<RunReport, { ok: false }>;

/** What `router.tools` makes of a toolset, by format. */
export interface ToolFormats {
  readonly 'ai-sdk': AiSdkTools;
  readonly openai: OpenAiTools;
  readonly anthropic: AnthropicTool[];
  readonly mcp: McpTools;
}

export interface ToolsOptions extends ToolsetOptions {
  /** Whom the tools act for; default the configuration's user. Never an argument of a tool. */
  readonly user?: string;
}

export interface SkillRouter extends AsyncDisposable {
  /**
   * Runs one operation through whichever connection is usable. Resolves with `ok: false` for whatever input, policy, backend or
   * app refuse; rejects only for a wrong configuration.
   */
  run<Name extends CloseOperation>(
    operation: Name,
    input: CloseOperations[Name]['input'],
    options?: CallOptions,
  ): Promise<Report<CloseOperations[Name]['output']>>;
  /** The pages of a list, one after the other, to its end. Throws RouterError when a page fails. */
  pages<Name extends CloseOperation>(
    operation: Name,
    input: CloseOperations[Name]['input'],
    options?: CallOptions,
  ): AsyncGenerator<CloseOperations[Name]['output'], void, undefined>;
  /** The routes that `run` would take, and why. Sends nothing. Rejects with `invalid_input`, `unknown_operation` or `configuration`. */
  explain<Name extends CloseOperation>(operation: Name, input: CloseOperations[Name]['input'], options?: CallOptions): Promise<Explanation>;
  /**
   * Takes back what a call, or every call of a run, wrote, as long as nobody has changed it since; `dryRun` only tells what can be.
   * Rejects with `not_found`, with `conflict` when there is nothing to take back, and when journal or app cannot be asked.
   */
  undo(callOrRun: string, options?: Omit<UndoOptions, 'user'> & { readonly user?: string }): Promise<UndoReport>;
  /**
   * The operations as tools of an agent: in a framework's format, or without `format` in nobody's. The model sees neither users nor
   * backends. Rejects with `configuration` when no operation is left.
   */
  tools<Format extends keyof ToolFormats>(options: ToolsOptions & { readonly format: Format }): Promise<ToolFormats[Format]>;
  tools(options?: ToolsOptions): Promise<Toolset>;
  readonly connections: ConnectionsApi;
  coverage(app?: string): Promise<Coverage>;
  close(): Promise<void>;
}

/** A name that the built-in catalogue does not have; those that it has keep their types. */
type Unlisted<Name extends string> = Name extends CloseOperation ? never : Name;

/** A router with apps or operations of the program's own: their names are known when they run, their fields are checked then. */
export interface ExtendedRouter extends Omit<SkillRouter, 'run' | 'pages' | 'explain'> {
  readonly run: SkillRouter['run'] &
    (<Name extends string>(operation: Unlisted<Name>, input: object, options?: CallOptions) => Promise<Report<unknown>>);
  readonly pages: SkillRouter['pages'] &
    (<Name extends string>(operation: Unlisted<Name>, input: object, options?: CallOptions) => AsyncGenerator<unknown, void, undefined>);
  readonly explain: SkillRouter['explain'] &
    (<Name extends string>(operation: Unlisted<Name>, input: object, options?: CallOptions) => Promise<Explanation>);
}

/**
 * Makes a router. Opens nothing before its first use. Throws `configuration`, listing everything that is wrong; a binding is
 * checked when it is first needed, and a call rejects with `configuration` then.
 */
export function createRouter(config: RouterConfig): SkillRouter;
export function createRouter(config: RouterConfig, extensions: Extensions): ExtendedRouter;
export function createRouter(config: RouterConfig, extensions: Extensions = {}): ExtendedRouter {
  const parsed = parseConfig({
    value: config,
    environment: environment(),
    folder: process.cwd(),
    secretsAllowed: true,
    operations: [...operationNames('close'), ...namesOf(extensions)],
    furtherBackends: extensions.adapters?.map(({ backend }) => backend) ?? [],
  });
  let opening: Promise<Core> | undefined;
  const core = (): Promise<Core> => {
    opening ??= import('./core.ts').then(({ openCore }) => openCore(parsed, extensions));
    return opening;
  };
  const router = async (): Promise<Core['router']> => (await core()).router;
  const complete = (options: CallOptions = {}): RunOptions => ({ ...options, user: options.user ?? parsed.defaultUser });
  const close = async (): Promise<void> => {
    // Why it could not be opened was said to whoever called; there is nothing to close.
    const opened = await opening?.catch(() => undefined);
    await opened?.close();
  };
  const made: ExtendedRouter = {
    // The catalogue's schemas and its types are one and the same declaration; the core only knows plain objects.
    run: async (operation: string, input: object, options?: CallOptions) =>
      (await router()).run(operation, plain(input), complete(options)) as never,
    pages: (operation: string, input: object, options?: CallOptions) =>
      pages(plain(input), async (asked) => {
        const report = await (await router()).run(operation, asked, complete(options));
        if (report.ok) return report.data;
        throw errorFromJson(report.error);
      }) as never,
    explain: async (operation: string, input: object, options?: CallOptions) =>
      (await router()).explain(operation, plain(input), complete(options)),
    undo: async (id, options) => (await router()).undo(id, { ...options, user: options?.user ?? parsed.defaultUser }),
    tools: async ({ format, user, ...wishes }: ToolsOptions & { readonly format?: keyof ToolFormats } = {}) => {
      const [
        {
          apps,
          router: { run, connections },
        },
        { createToolset },
        { searchOperations },
      ] = await Promise.all([core(), import('./toolsets/toolset.ts'), import('./catalog/search.ts')]);
      const { deny, ask } = parsed.policy;
      const owner = user ?? parsed.defaultUser;
      const toolset = await createToolset({ apps, user: owner, policy: { deny, ask }, run, connections, search: searchOperations }, wishes);
      // The signature says which format gives what.
      return (format === undefined ? toolset : await FORMATS[format](toolset)) as never;
    },
    connections: {
      list: async (...args) => (await router()).connections.list(...args),
      connect: async (...args) => (await router()).connections.connect(...args),
      wait: async (...args) => (await router()).connections.wait(...args),
      check: async (...args) => (await router()).connections.check(...args),
    },
    coverage: async (app = 'close') => (await router()).coverage(app),
    close,
    [Symbol.asyncDispose]: close,
  };
  rememberInside(made, async () => ({ ...(await core()), user: parsed.defaultUser }));
  return made;
}

const FORMATS: { readonly [Format in keyof ToolFormats]: (toolset: Toolset) => Promise<ToolFormats[Format]> } = {
  'ai-sdk': async (toolset) => (await import('./toolsets/ai-sdk.ts')).toAiSdk(toolset),
  openai: async (toolset) => (await import('./toolsets/openai.ts')).toOpenAi(toolset),
  anthropic: async (toolset) => (await import('./toolsets/anthropic.ts')).toAnthropic(toolset),
  mcp: async (toolset) => (await import('./toolsets/mcp-tools.ts')).toMcp(toolset),
};

/** Bare and with their app: a policy may name them either way. */
function namesOf({ apps = [], operations = [] }: Extensions): readonly string[] {
  const own = [
    ...apps.flatMap(({ id, ids }) => ids.map((name) => [id, name] as const)),
    ...operations.map(({ app, id }) => [app, id] as const),
  ];
  return own.flatMap(([app, id]) => [id, `${app}.${id}`]);
}

function plain(input: object): JsonObject {
  return { ...input };
}
