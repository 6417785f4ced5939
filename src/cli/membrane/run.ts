import type { JsonObject } from '../../contract/guards.ts';
import { readAction } from '../../operations.ts';
import { textFlag, type Values } from '../flags.ts';
import { readInput } from '../input.ts';
import { send, showRun } from './call.ts';
import { guarded } from './guard.ts';
import { connectionFlag } from './target.ts';

/** `action run`: by id or key, with the input in Membrane's spelling or ours. */
export const runAction = guarded(async (context, [name = ''], values) => {
  const call = await readAction(context.app, name, await inputOf(values));
  showRun(context, await send(context, values, call, { connection: connectionFlag(values) }));
});

export async function inputOf(values: Values): Promise<JsonObject> {
  const written = textFlag(values, 'input');
  return written === undefined ? {} : readInput(written, process.stdin);
}
