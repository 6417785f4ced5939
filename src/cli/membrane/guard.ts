import { isRouterError } from '../../contract/errors.ts';
import type { Handler } from '../command-spec.ts';
import { sayError } from '../failure.ts';

/** Errors of these commands go to stderr, as text or JSON: scripts of the Membrane CLI read stdout as the result. */
export function guarded(handler: Handler): Handler {
  return async (context, args, values) => {
    try {
      await handler(context, args, values);
    } catch (error) {
      if (!isRouterError(error)) throw error;
      const { terminal } = context;
      if (terminal.json) terminal.say(JSON.stringify({ ok: false, error: error.toJSON() }));
      else sayError(terminal, error.toJSON());
      process.exitCode = error.exitCode;
    }
  };
}
