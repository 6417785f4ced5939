/** Every name by which anybody calls an operation of an app. */
import { actionNamed, actionNames } from '../../binding/actions.ts';
import type { ToolSignature } from '../../binding/arguments.ts';
import { operationsOf } from '../../binding/serve.ts';
import type { App } from '../../contract/app.ts';
import type { BackendId } from '../../contract/backend.ts';
import type { Binding, ToolCell } from '../../contract/binding.ts';
import { isRouterError } from '../../contract/errors.ts';
import type { Operation } from '../../contract/operation.ts';

/** What a backend publishes of its tools, where it does. */
export type Signatures = Readonly<Record<string, readonly ToolSignature[]>>;

/** A tool of a backend as one operation. */
export interface KnownTool {
  readonly backend: BackendId;
  readonly operation: string;
  readonly cell: ToolCell;
  /** Understood by doors, never sent. */
  readonly inbound: boolean;
}

export interface Vocabulary {
  readonly app: App;
  readonly bindings: readonly Binding[];
  readonly operations: readonly Operation[];
  /** What a tool's name means; more than one where an argument tells them apart. */
  tool(name: string): readonly KnownTool[];
  signature(backend: BackendId, tool: string): ToolSignature | undefined;
  /** The operation that an action key means. */
  action(key: string): string | undefined;
  readonly toolNames: readonly string[];
}

export async function vocabularyOf(app: App, bindings: readonly Binding[], signatures: Signatures): Promise<Vocabulary> {
  const own = bindings.filter((binding) => binding.app === app.id);
  const tools = Map.groupBy(own.flatMap(toolsOf), ({ cell }) => cell.tool);
  const actions = actionNames(
    app,
    own.find(({ backend }) => backend === 'membrane'),
  );
  return {
    app,
    bindings: own,
    operations: await operationsOf(app),
    tool: (name) => tools.get(name) ?? [],
    signature: (backend, tool) => signatures[backend]?.find(({ name }) => name === tool),
    action: (key) => orNothing(() => actionNamed(app, actions, key).operation),
    toolNames: [...tools.keys()],
  };
}

function toolsOf({ backend, cells, inbound }: Binding): readonly KnownTool[] {
  const plain = Object.entries(cells).flatMap(([operation, cell]) =>
    cell.transport === 'tool' ? [{ backend, operation, cell, inbound: false }] : [],
  );
  const further = Object.entries(inbound).flatMap(([operation, list]) => list.map((cell) => ({ backend, operation, cell, inbound: true })));
  return [...plain, ...further];
}

function orNothing<T>(find: () => T): T | undefined {
  try {
    return find();
  } catch (error) {
    if (isRouterError(error)) return undefined;
    throw error;
  }
}
