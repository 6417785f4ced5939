import { RouterError } from '../../contract/errors.ts';
import { isObject, isStrings, type JsonObject, stringAt } from '../../contract/guards.ts';
import { answerOf, readAction, readRequest } from '../../operations.ts';
import type { Context } from '../context.ts';
import { textFlag, type Values } from '../flags.ts';
import { parseInput } from '../input.ts';
import { send, showRun } from './call.ts';
import { guarded } from './guard.ts';
import { checkHeaders, type Headers } from './headers.ts';
import { inputOf } from './run.ts';
import { connectionFlag } from './target.ts';

/** What `act` can be told to do; exactly one of them. Source: backends/membrane.md §3.3 */
const FORMS = ['key', 'id', 'api', 'code'] as const;

/** `act`: one action by key or id, or one request of the app. */
export const act = guarded(async (context, _args, values) => {
  const [form, ...others] = FORMS.filter((name) => textFlag(values, name) !== undefined);
  if (form === undefined || others.length > 0) throw wrong('give exactly one of --key, --id, --api');
  const written = textFlag(values, form) ?? '';
  switch (form) {
    case 'key':
    case 'id': {
      const call = await readAction(context.app, written, await inputOf(values));
      return showRun(context, await send(context, values, call, { connection: connectionFlag(values) }));
    }
    case 'api':
      return actOnApi(context, values, parseInput(written, '--api'));
    case 'code':
      throw new RouterError('unsupported_operation', {
        what: 'code is not executed here',
        next: 'Run it yourself, and call "action run" or "request" for what it needs of the app.',
      });
    default:
      return form satisfies never;
  }
});

const KEYS = ['method', 'path', 'query', 'body', 'headers'];

async function actOnApi(context: Context, values: Values, api: JsonObject): Promise<void> {
  const stranger = Object.keys(api).find((key) => !KEYS.includes(key));
  if (stranger !== undefined)
    throw wrong(`--api has the unknown key "${stranger.replaceAll(/\W/g, '?').slice(0, 40)}"; it takes ${KEYS.join(', ')}`);
  const { body } = api;
  if (body !== undefined && !isObject(body)) throw wrong('"body" of --api must be an object');
  const { idempotencyKey } = checkHeaders(headersOf(api['headers']), (note) => context.terminal.say(note));
  const call = await readRequest(context.app, {
    method: stringAt(api, 'method') ?? 'GET',
    path: stringAt(api, 'path') ?? '',
    query: queryOf(api['query']),
    ...(body === undefined ? {} : { body }),
  });
  const connection = connectionFlag(values);
  const report = await send(context, values, call, { connection, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) });
  const answer = report.ok ? await answerOf(context.app, report) : undefined;
  showRun(context, report, answer?.body);
}

function queryOf(query: unknown): readonly (readonly [string, string])[] {
  if (query === undefined) return [];
  if (!isObject(query)) throw wrong('"query" of --api must be an object');
  return Object.entries(query).flatMap(([name, value]) => {
    const texts = isStrings(value) ? value : [value];
    return texts.map((text) => {
      if (['string', 'number', 'boolean'].includes(typeof text)) return [name, String(text)] as const;
      throw wrong(`"query" of --api has something else than text under "${name.replaceAll(/\W/g, '?').slice(0, 40)}"`);
    });
  });
}

function headersOf(headers: unknown): Headers {
  if (headers === undefined) return [];
  if (!isObject(headers) || !isStrings(Object.values(headers))) throw wrong('"headers" of --api must be an object of texts');
  return Object.entries(headers).map(([name, value]) => [name, String(value)]);
}

function wrong(what: string): RouterError {
  return new RouterError('invalid_input', { what, next: 'Correct the flag; nothing was sent.' });
}
