import { type App, isIntent } from '../contract/app.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Effect, Intent, Operation } from '../contract/operation.ts';
import { jsonSchema } from './json-schema.ts';

/** One line of `ops`. */
export interface OperationLine {
  readonly id: string;
  readonly summary: string;
  readonly effect: Effect;
  readonly core: boolean;
  /** A named special case of this operation. */
  readonly intent?: string;
}

/** What `ops show` prints, but for the bindings. */
export interface OperationPage extends OperationLine {
  readonly operation: string;
  /** JSON Schema. */
  readonly input: JsonObject;
  readonly output: JsonObject;
  readonly example: JsonObject;
  readonly pitfalls: readonly string[];
  /** The app's own parameters that are left out on purpose → why. */
  readonly omissions?: Readonly<Record<string, string>>;
}

export function lineOf(entry: Operation | Intent): OperationLine {
  const { id, summary, effect } = entry;
  return isIntent(entry) ? { id, summary, effect, core: false, intent: entry.operation } : { id, summary, effect, core: entry.core };
}

export function pageOf(entry: Operation | Intent): OperationPage {
  return {
    ...lineOf(entry),
    operation: `${entry.app}.${entry.id}`,
    input: inputSchema(entry),
    output: jsonSchema(entry.output, 'output'),
    example: entry.example,
    pitfalls: entry.pitfalls,
    ...(isIntent(entry) || entry.omissions === undefined ? {} : { omissions: entry.omissions }),
  };
}

/** Every operation and intent of the app, in the catalogue's order. */
export async function linesOf(app: App): Promise<readonly OperationLine[]> {
  return (await app.all()).map(lineOf);
}

/** Where nothing is there yet, null has nothing to clear. */
function inputSchema(entry: Operation | Intent): JsonObject {
  const schema = jsonSchema(entry.input, 'input');
  const changes = (isIntent(entry) ? entry.operation : entry.id).endsWith('update');
  return changes ? schema : reworded(schema);
}

function reworded<Value>(value: Value): Value {
  const words = (key: string, one: unknown): unknown =>
    key === 'description' && typeof one === 'string' ? one.replace(/; null clears(?=$| \()/, '') : one;
  return JSON.parse(JSON.stringify(value, words)) as Value;
}
