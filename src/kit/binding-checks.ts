import { isDeepStrictEqual } from 'node:util';
import { type BindingDeclaration, withDeclared } from '../binding/declare.ts';
import { operationsOf } from '../binding/serve.ts';
import { fromTool, obstacle, toTool } from '../binding/tool.ts';
import type { LiveTool } from '../contract/adapter.ts';
import type { App } from '../contract/app.ts';
import type { ToolCell } from '../contract/binding.ts';
import { isRouterError } from '../contract/errors.ts';
import { isObject, isStrings, type JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { type Check, type Clause, checkOf } from './check.ts';
import { variantsOf } from './variants.ts';

const COMPLETE: Clause = {
  promise: 'a binding says how every operation goes, or why it does not',
  look: '`cells` and `default` of the binding: the names on both sides.',
};
const SILENT: Clause = {
  promise: 'nothing is dropped silently',
  look: '`accepts`, `excludes` and `values`: what the tool cannot carry must be refused, so that another route is taken.',
};
const LENS: Clause = {
  promise: 'what goes out and comes back in is the same call (lens law)',
  look: '`rename`, `json`, `list`, `values` and `transform`; a loss that cannot be helped is named under `losses`.',
};
const KNOWN: Clause = {
  promise: 'a tool gets what it knows and what it needs',
  look: "The binding's names beside the tool's own schema: `tool`, `rename`, `needs`, `constants`.",
};

interface Tooled {
  readonly operation: Operation;
  readonly cell: ToolCell;
}

/** Everything that a binding is held against. `tools`: the tools as the backend lists them now, e.g. `adapter.tools`. */
export function bindingChecks(app: App, declaration: BindingDeclaration, tools?: () => Promise<readonly LiveTool[]>): readonly Check[] {
  const bound = async (): Promise<readonly Tooled[]> => {
    const [binding] = await withDeclared([], [declaration], [app]);
    const operations = await operationsOf(app);
    return operations.flatMap((operation) => {
      const cell = binding?.cells[operation.id];
      return cell?.transport === 'tool' ? [{ operation, cell }] : [];
    });
  };
  const each = (clause: Clause, when: string, wrong: (one: Tooled) => readonly string[]): Check =>
    checkOf(clause, when, async () => (await bound()).flatMap(wrong).join('; ') || undefined);
  const name = `${app.id} on ${declaration.backend}`;
  return [
    checkOf(COMPLETE, name, async () => bound().then(() => undefined, said)),
    each(SILENT, name, dropped),
    each(LENS, name, bent),
    ...(tools
      ? [
          checkOf(KNOWN, name, async () => {
            const listed = await tools();
            return (await bound()).flatMap((one) => strange(one, listed)).join('; ') || undefined;
          }),
        ]
      : []),
  ];
}

function said(error: unknown): string {
  if (isRouterError(error)) return error.details.what;
  throw error;
}

/** Those that the tool carries, whole. */
function carried({ operation, cell }: Tooled): readonly JsonObject[] {
  return variantsOf(operation)
    .map((input) => Object.fromEntries(Object.entries(input).filter(([name]) => cell.accepts.includes(name))))
    .filter((input) => obstacle(cell, input) === undefined);
}

function dropped(one: Tooled): readonly string[] {
  const { operation, cell } = one;
  const inputs = carried(one);
  const lost = inputs.flatMap((input) => Object.keys(input).filter((name) => isLost(cell, input, name)));
  if (inputs.length === 0) return [`${operation.id}: ${cell.tool} can carry none of its inputs`];
  return [...new Set(lost)].map((name) => `${operation.id}: ${name} makes no difference to what ${cell.tool} gets`);
}

function isLost(cell: ToolCell, input: JsonObject, name: string): boolean {
  const { [name]: _left, ...rest } = input;
  return isDeepStrictEqual(toTool(cell, input), toTool(cell, rest));
}

function bent(one: Tooled): readonly string[] {
  const { operation, cell } = one;
  if (cell.losses) return [];
  const broken = carried(one).find((input) => !isDeepStrictEqual(fromTool(cell, overTheWire(toTool(cell, input))), overTheWire(input)));
  return broken ? [`${operation.id}, with the fields ${Object.keys(broken).join(', ')}, comes back from ${cell.tool} as another call`] : [];
}

function strange(one: Tooled, listed: readonly LiveTool[]): readonly string[] {
  const { operation, cell } = one;
  const tool = listed.find(({ name }) => name === cell.tool);
  if (!tool) return [`${operation.id}: the backend lists no tool ${cell.tool}`];
  const properties = tool.input?.['properties'];
  const needed = tool.input?.['required'];
  if (!isObject(properties)) return [];
  const problems = carried(one).flatMap((input) => {
    const args = toTool(cell, input);
    const unknown = Object.keys(args).filter((name) => !Object.hasOwn(properties, name));
    const left = (isStrings(needed) ? needed : []).filter((name) => args[name] === undefined);
    const foreign = Object.entries(args).filter(([name, value]) => !isAmong(properties[name], value));
    return [
      ...unknown.map((name) => `${cell.tool} has no argument ${name}`),
      ...left.map((name) => `${cell.tool} needs ${name}`),
      ...foreign.map(([name]) => `${cell.tool} does not know all values of ${name}`),
    ];
  });
  return [...new Set(problems)].map((problem) => `${operation.id}: ${problem}`);
}

function isAmong(schema: unknown, value: unknown): boolean {
  const words = isObject(schema) ? schema['enum'] : undefined;
  return !Array.isArray(words) || words.includes(value);
}

function overTheWire(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
