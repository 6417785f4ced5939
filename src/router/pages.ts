import { isObject, type JsonObject } from '../contract/guards.ts';

/**
 * The pages of a list, one after the other, until the app says that there are no more. Offsets and cursors alike. A page that brings
 * neither objects nor a new cursor ends it, so that a list which always claims to have more cannot go on for ever.
 */
export async function* pages(
  input: JsonObject,
  page: (input: JsonObject) => Promise<unknown>,
): AsyncGenerator<JsonObject, void, undefined> {
  let asked = input;
  for (;;) {
    const output = await page(asked);
    if (!isObject(output) || !Array.isArray(output['data'])) return;
    yield output;
    const next = output['has_more'] === true ? following(asked, output, output['data'].length) : undefined;
    if (next === undefined) return;
    asked = next;
  }
}

function following(asked: JsonObject, output: JsonObject, count: number): JsonObject | undefined {
  const cursor = output['cursor'] ?? output['cursor_next'];
  if (typeof cursor === 'string') return cursor === asked['cursor'] ? undefined : { ...asked, cursor };
  if (count === 0) return undefined;
  return { ...asked, skip: (typeof asked['skip'] === 'number' ? asked['skip'] : 0) + count };
}
