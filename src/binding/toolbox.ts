/** An app's operations as a box of named tools: those that a backend publishes, under its names, and every other one beside them. */
import { pageOf } from '../catalog/describe.ts';
import { type App, isIntent } from '../contract/app.ts';
import type { Binding } from '../contract/binding.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Effect, Intent, Operation } from '../contract/operation.ts';
import { type PagingNames, type ReadArguments, readArguments, type ToolSignature, withoutNulls } from './arguments.ts';
import { closest } from './closest.ts';
import { kindsOf } from './kinds.ts';
import { lenient, operationsUnder, withoutNeeds } from './lenient.ts';
import { publishedSchema } from './published-schema.ts';
import { withParsed } from './stringified.ts';
import { namesOf } from './toolbox-names.ts';

export interface DescribedTool extends ToolSignature {
  readonly description: string;
}

/** What one has to know of a tool before using it. */
export interface ToolPage {
  readonly name: string;
  readonly published: boolean;
  readonly description: string;
  /** JSON Schema of the arguments. */
  readonly schema: JsonObject;
  /** JSON Schema of what comes back. */
  readonly output: JsonObject;
  readonly effect: Effect;
  readonly pitfalls: readonly string[];
}

export interface Toolbox {
  readonly names: readonly string[];
  /** A tool's own name, for any spelling of it or of its operation. */
  named(written: string): string | undefined;
  /** The three names closest to what was written. */
  closest(written: string): readonly string[];
  /** The names of the tools that fit the words, best first. */
  search(phrase: string): Promise<readonly string[]>;
  /** undefined: there is no such tool. */
  page(name: string): Promise<ToolPage | undefined>;
  /** Arguments as a canonical call, or everything that is wrong with them. The app's own field names are understood too. */
  read(name: string, args: JsonObject): Promise<ReadArguments>;
}

export interface ToolboxParts {
  readonly app: App;
  readonly binding: Binding;
  /** What the backend publishes. */
  readonly tools: readonly DescribedTool[];
  readonly paging: PagingNames;
}

export function createToolbox({ app, binding, tools, paging }: ToolboxParts): Toolbox {
  const published = new Map(tools.map((tool) => [tool.name, tool]));
  const meant = new Map(tools.map(({ name }) => [name, operationsUnder(binding, name)] as const));
  const { all, further, spelled } = namesOf(app, meant);
  const nameOf = new Map([...further].map(([name, operation]) => [operation, name]));
  for (const [name, operations] of meant) for (const operation of operations) nameOf.set(operation, name);
  let loosened: Promise<Binding> | undefined;

  const entriesOf = async (name: string): Promise<readonly (Operation | Intent)[]> => {
    const ids = meant.get(name) ?? [further.get(name) ?? ''];
    const found = await Promise.all(ids.map((id) => app.find(id)));
    return found.filter((entry) => entry !== undefined);
  };

  return {
    names: all,
    named: (written) => spelled.get(written.toLowerCase()),
    closest: (written) => closest(written.toUpperCase(), all),
    search: async (phrase) => {
      const { searchOperations } = await import('../catalog/search.ts');
      const lines = await searchOperations(app, phrase);
      return [...new Set(lines.flatMap(({ id }) => nameOf.get(id) ?? []))];
    },
    page: async (name) => {
      const entries = await entriesOf(name);
      const tool = published.get(name);
      const page = tool ? pageOfTool(tool, binding, entries.filter(isOperation)) : pageOfEntry(name, entries[0]);
      return page && inNames(page, nameOf);
    },
    read: async (name, args) => {
      const tool = published.get(name);
      const operations = (await entriesOf(name)).filter(isOperation);
      const isStructured = (argument: string): boolean =>
        tool?.inputs[argument]?.type === 'array' || operations.some((operation) => isStructure(operation, argument));
      if (!tool) return { request: { operation: further.get(name) ?? name, input: withParsed(args, isStructured) } };
      loosened ??= lenient(app, binding);
      const signature = withoutNeeds(tool, binding, operations);
      return readArguments(await loosened, signature, withParsed(withoutNulls(args), isStructured), paging);
    },
  };
}

function pageOfTool(tool: DescribedTool, binding: Binding, operations: readonly Operation[]): ToolPage | undefined {
  const [first] = operations;
  return (
    first && {
      name: tool.name,
      published: true,
      description: tool.description,
      schema: publishedSchema(tool, binding, operations),
      output: plain(pageOf(first).output),
      effect: first.effect,
      pitfalls: [...new Set(operations.flatMap(({ pitfalls }) => pitfalls))],
    }
  );
}

function pageOfEntry(name: string, entry: Operation | Intent | undefined): ToolPage | undefined {
  if (!entry) return undefined;
  const { summary, input, output, effect, pitfalls } = pageOf(entry);
  return { name, published: false, description: `${summary}.`, schema: plain(input), output: plain(output), effect, pitfalls };
}

/** The catalogue speaks of operations, "from call.list"; who has only the tools has to read their names. */
function inNames<Value>(value: Value, nameOf: ReadonlyMap<string, string>): Value {
  const words = (_: string, one: unknown): unknown =>
    typeof one === 'string' ? one.replaceAll(/\b[a-z_]+\.[a-z_]+\b/g, (id) => nameOf.get(id) ?? id) : one;
  return JSON.parse(JSON.stringify(value, words)) as Value;
}

function isOperation(entry: Operation | Intent): entry is Operation {
  return !isIntent(entry);
}

function isStructure(operation: Operation, field: string): boolean {
  return ['array', 'one-or-many', 'object'].includes(kindsOf(operation)[field]?.kind ?? '');
}

function plain({ $schema: _, ...schema }: JsonObject): JsonObject {
  return schema;
}
