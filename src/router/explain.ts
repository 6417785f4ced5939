import { isIntent } from '../contract/app.ts';
import type { ErrorCode } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Operation } from '../contract/operation.ts';
import { decide } from './decide.ts';
import { find } from './find.ts';
import { firstStep } from './intent.ts';
import { unreachable } from './outcome.ts';
import type { Decision } from './resolve.ts';
import type { Explanation, RunOptions } from './router.ts';
import type { RunParts } from './run.ts';
import { validate } from './validate.ts';

/** The routes that `run` would take, and why, without sending the call. For an intent: those of the first operation it calls. */
export async function explain(parts: RunParts, name: string, raw: JsonObject, options: RunOptions): Promise<Explanation> {
  const { app, entry } = await find(parts.apps, name);
  const input = validate(entry, raw);
  const call = isIntent(entry) ? await firstStep(entry, input, app) : { operation: entry, input };
  const decision = await decide(parts, call.operation, call.input, options);
  const routes = decision.kind === 'use' ? decision.routes : [];
  return {
    operation: name,
    routes: routes.map(({ connection, transport }) => ({ backend: connection.backend, connection: connection.id, transport })),
    verdicts: decision.verdicts,
    ...(decision.kind === 'use' ? {} : { because: reasonOf(decision, call.operation) }),
  };
}

/** The code with which `run` would end. */
function reasonOf(decision: Exclude<Decision, { kind: 'use' }>, operation: Operation): ErrorCode {
  if (decision.kind === 'ambiguous') return 'ambiguous_account';
  const silent = decision.verdicts.filter(({ reason }) => reason === 'backend_unreachable');
  if (decision.because !== 'connection_required' || silent.length === 0) return decision.because;
  return unreachable(operation, silent, decision.verdicts).code;
}
