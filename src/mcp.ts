/** The MCP server, put together: the catalogue and a router as tools of an agent. */
import { pageOf } from './catalog/describe.ts';
import { fieldRows } from './catalog/field-rows.ts';
import { isMeant } from './catalog/pattern.ts';
import { searchOperations } from './catalog/search.ts';
import type { McpConfig } from './config/mcp.ts';
import type { App } from './contract/app.ts';
import { isStrings } from './contract/guards.ts';
import { packageVersion } from './contract/package.ts';
import type { Core } from './core.ts';
import { createFactory } from './mcp/factory.ts';
import type { FoundOperation, OperationFacts, Services } from './mcp/services.ts';
import { packagedSkills } from './mcp/skills.ts';
import { serveStandardIo } from './mcp/stdio.ts';
import { surfaceOf, type Wishes } from './mcp/surface.ts';
import { toolsOf } from './mcp/tools.ts';
import { find } from './router/find.ts';
import { requestHash } from './router/request-hash.ts';
import { isWithin } from './router/scope.ts';
import { specsOf } from './toolsets/spec.ts';

type Parts = Pick<Core, 'apps' | 'router' | 'behind' | 'config'>;

export interface McpOptions extends Wishes {
  readonly user: string;
  /** Hears of bugs, and of what the protocol's library complains about. */
  readonly onFault: (error: unknown) => void;
}

export interface McpStdioOptions extends McpOptions {
  readonly stopped: Promise<void>;
}

/** Serves one client at stdin and stdout, until it hangs up or `stopped` resolves. Throws `invalid_input` before anything is served. */
export async function serveMcpStdio(parts: Parts, { user, stopped, onFault, ...wishes }: McpStdioOptions): Promise<void> {
  const { scope, ...shown } = surfaceOf(withConfigured(wishes, parts.config.mcp), parts.apps);
  const caller = { user, scope };
  const tools = toolsOf(servicesOf(parts), shown);
  const factory = createFactory({ version: packageVersion(), caller: () => caller, tools, skills: await packagedSkills(), onFault });
  await serveStandardIo(factory, { stopped, onFault });
}

/** What is said on the spot comes before what the configuration says; what denies or approves adds up. */
function withConfigured(wishes: Wishes, config: McpConfig | undefined): Wishes {
  if (!config) return wishes;
  const { expose, operations, scope } = config;
  return {
    ...(expose === undefined ? {} : { expose }),
    ...scope,
    operations,
    ...wishes,
    deny: [...(scope.deny ?? []), ...(wishes.deny ?? [])],
    approve: [...(scope.approve ?? []), ...(wishes.approve ?? [])],
  };
}

/** The router and its catalogue as the tools want them. What is made of the catalogue is made once. */
export function servicesOf({ apps, router, behind }: Pick<Core, 'apps' | 'router' | 'behind'>): Services {
  const pages = new Map<string, OperationFacts>();
  const specs = once(() => specsOf(apps));
  const describe = async (name: string): Promise<OperationFacts> => {
    const known = pages.get(name);
    if (known) return known;
    const { entry } = await find(apps, name);
    const { operation, effect, summary, input, output, example, pitfalls } = pageOf(entry);
    const facts = { operation, effect, summary, input, output, example, pitfalls, fields: fieldRows(input) };
    pages.set(name, facts);
    return facts;
  };
  const found = async (name: string): Promise<FoundOperation> => {
    const { operation, effect, summary, input } = await describe(name);
    return { operation, effect, summary, required: isStrings(input['required']) ? input['required'] : [] };
  };
  return {
    apps: apps.map(({ id }) => id),
    search: async (query, scope) => {
      const lines = await Promise.all(apps.map((app) => linesOf(app, query)));
      return Promise.all(
        lines
          .flat()
          .filter((line) => isWithin(line, scope))
          .map(({ app, id }) => found(`${app}.${id}`)),
      );
    },
    describe,
    specs: async (patterns, scope) =>
      (await specs()).filter(({ operation, effect }) => {
        const entry = { ...partsOf(operation), effect };
        return patterns.some((pattern) => isMeant(pattern, entry)) && isWithin(entry, scope);
      }),
    run: router.run,
    fingerprint: requestHash,
    recent: behind.recent,
    connections: router.connections,
    linking: behind.linking,
  };
}

async function linesOf(app: App, query: string) {
  return (await searchOperations(app, query)).map((line) => ({ ...line, app: app.id }));
}

function partsOf(operation: string): { readonly app: string; readonly id: string } {
  const at = operation.indexOf('.');
  return { app: operation.slice(0, at), id: operation.slice(at + 1) };
}

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
