import { RouterError } from '../../contract/errors.ts';
import { isStrings } from '../../contract/guards.ts';
import { answerOf, readRequest } from '../../operations.ts';
import type { Context } from '../context.ts';
import { textFlag, type Values } from '../flags.ts';
import { readInput } from '../input.ts';
import { send, showError } from './call.ts';
import { guarded } from './guard.ts';
import { checkHeaders, readHeader } from './headers.ts';
import { fillTemplate, readPair } from './template.ts';

/** `request`: the app's own HTTP request, run as the operation that it means. With --json status, headers and body are printed, else the body. */
export const request = guarded(async (context, [connection = '', path = ''], values) => {
  const { idempotencyKey } = checkHeaders(listed(values, 'header').map(readHeader), (note) => context.terminal.say(note));
  const body = await bodyOf(values);
  const call = await readRequest(context.app, {
    method: textFlag(values, 'method') ?? 'GET',
    path: fillTemplate(
      path,
      listed(values, 'pathParam').map((pair) => readPair('pathParam', pair)),
    ),
    query: listed(values, 'query').map((pair) => readPair('query', pair)),
    ...(body === undefined ? {} : { body }),
  });
  const report = await send(context, values, call, { connection, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
  const answer = await answerOf(context.app, report);
  if (answer) show(context, answer);
  if (!report.ok) showError(context.terminal, report);
});

function show({ terminal }: Context, { status, headers, body }: NonNullable<Awaited<ReturnType<typeof answerOf>>>): void {
  if (terminal.json) terminal.result({ status, headers, body: body ?? null });
  else if (body !== undefined && status < 400) terminal.print(JSON.stringify(body, null, 2));
}

/** --rawData says that the text is to be sent as it is; the app takes a JSON object only, so it has to be one either way. */
async function bodyOf(values: Values): Promise<unknown> {
  const written = textFlag(values, 'data');
  if (written === undefined) return undefined;
  if (written.trim() === '')
    throw new RouterError('invalid_input', { what: '--data is empty', next: 'Give a JSON object; nothing was sent.' });
  return readInput(written, process.stdin, '--data');
}

function listed(values: Values, name: string): readonly string[] {
  const found = values[name];
  return isStrings(found) ? found : [];
}
