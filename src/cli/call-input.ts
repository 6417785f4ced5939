import { isRouterError, RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import { inputSchema } from '../operations.ts';
import type { Context } from './context.ts';
import { fieldsFrom, pairsOf } from './field-flags.ts';
import { textFlag, type Values } from './flags.ts';
import { readInput } from './input.ts';

export interface Call {
  /** Full name, `close.lead.create`. */
  readonly operation: string;
  readonly input: JsonObject;
}

/** The operation and its input, from `--input` and `--field value` together; a field given both ways is the flag's. */
export async function readCall(context: Context, args: readonly string[], values: Values): Promise<Call> {
  const [name = ''] = args;
  const operation = name.startsWith(`${context.app}.`) ? name : `${context.app}.${name}`;
  try {
    return await read(context, operation, args, values);
  } catch (error) {
    throw isRouterError(error) && error.details.operation === undefined ? of(operation, error) : error;
  }
}

/** Programs read from every failure which operation it was about. */
function of(operation: string, { code, details }: RouterError): RouterError {
  return new RouterError(code, { ...details, operation: operation.replaceAll(/[^\w.-]/g, '?').slice(0, 80) });
}

async function read({ app }: Context, operation: string, [name = '', ...rest]: readonly string[], values: Values): Promise<Call> {
  const written = textFlag(values, 'input');
  const whole = written === undefined ? {} : await readInput(written, process.stdin);
  const pairs = pairsOf(rest);
  if (pairs.length === 0) return { operation, input: whole };
  const schema = await inputSchema(app, name);
  return { operation, input: { ...whole, ...fieldsFrom(pairs, schema) } };
}
