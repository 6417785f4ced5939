import { pageOf } from '../catalog/describe.ts';
import { fieldRows } from '../catalog/field-rows.ts';
import { isMeant } from '../catalog/pattern.ts';
import { searchOperations } from '../catalog/search.ts';
import type { App } from '../contract/app.ts';
import { isStrings } from '../contract/guards.ts';
import { find } from '../router/find.ts';
import { requestHash } from '../router/request-hash.ts';
import { isWithin } from '../router/scope.ts';
import { partsOf } from '../toolsets/approval.ts';
import { specsOf } from '../toolsets/spec.ts';
import type { McpParts } from './parts.ts';
import type { FoundOperation, OperationFacts, Services } from './services.ts';

/** The router and its catalogue as the tools want them. What is made of the catalogue is made once. */
export function servicesOf({ apps, router, behind }: McpParts): Services {
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

function once<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
