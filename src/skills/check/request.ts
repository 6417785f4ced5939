/** The app's own HTTP request, as documentation writes it. Nothing is called. */

import { readRequest } from '../../binding/request.ts';
import type { App } from '../../contract/app.ts';
import { isRouterError } from '../../contract/errors.ts';
import { isObject, type JsonObject } from '../../contract/guards.ts';
import { type Remark, shown } from '../diagnostics.ts';
import type { Use } from '../read/skill.ts';
import { isHostOf } from './about.ts';

export type ReadUse = { readonly operation: string; readonly input: JsonObject } | { readonly remark: Remark };

/** undefined: it goes to somebody else, or is no request at all. A path without host is the app's only in a skill about the app. */
export async function readUse(app: App, { request, line }: Use, isAbout: boolean): Promise<ReadUse | undefined> {
  const url = withoutHoles(request?.url ?? '');
  if (request === undefined || !isOurs(app, url, isAbout)) return undefined;
  const { method, body } = request;
  try {
    const call = await readRequest(app, { method, path: url, ...(isObject(body) && /^(?:POST|PUT)$/.test(method) ? { body } : {}) });
    return { operation: call.operation.slice(app.id.length + 1), input: filled(call.input) };
  } catch (error) {
    if (!isRouterError(error)) throw error;
    const fix = error.details.next.replaceAll(/[;:]? ?nothing was sent\.?/gi, '.').replaceAll('..', '.');
    return { remark: { line, code: 'unknown_request', what: `${shown(`${method} ${url}`)}: ${error.details.what}`, fix } };
  }
}

/** `<id>`, `$ID`, `${ID}` and `:id` stand for an id. */
function withoutHoles(url: string): string {
  return url.replaceAll(/\$\{(\w+)\}|<([\w-]+)>|\$(\w+)/g, '{x}').replaceAll(/(?<=\/):(\w+)/g, '{x}');
}

function isOurs(app: App, url: string, isAbout: boolean): boolean {
  return url.startsWith('/') && !url.startsWith('//') ? isAbout : isHostOf(app.id, url);
}

/** Without the values that were holes: they are no values. */
function filled(input: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(input).map(([name, value]) => [name, typeof value === 'string' && /[{}<>$]/.test(value) ? undefined : value]),
  );
}
