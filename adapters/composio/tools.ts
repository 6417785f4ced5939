import type { LiveTool, ToolListing, ToolQuery } from '../../src/contract/adapter.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, isStrings, stringAt } from '../../src/contract/guards.ts';
import type { RawClient } from './client.ts';

/** 20 pages of 500: a toolkit that goes on after that never ends. */
const MOST_PAGES = 20;
const PAGE = 500;

/** All tools of an app's toolkit, deprecated ones too, as they are in the release that calls ask for. */
export async function listTools(
  client: RawClient,
  { app, version }: ToolQuery,
  { asked, signal }: { readonly asked: string | undefined; readonly signal: AbortSignal },
): Promise<ToolListing> {
  const release = version ?? asked;
  const found = new Map<string, LiveTool>();
  const seen = new Set<string>();
  let cursor: string | undefined;
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const question = {
      toolkit_slug: app,
      include_deprecated: true,
      limit: PAGE,
      ...(release === undefined ? {} : { toolkit_versions: { [app]: release } }),
      ...(cursor === undefined ? {} : { cursor }),
    };
    const body: unknown = await client.tools.list(question, { maxRetries: 0, signal });
    if (!isObject(body) || !Array.isArray(body['items'])) throw unreadable('Composio answered no readable list of tools');
    for (const tool of body['items'].flatMap(read)) found.set(tool.name, tool);
    cursor = stringAt(body, 'next_cursor') || undefined;
    if (cursor === undefined) return { tools: [...found.values()], ...(release === undefined ? {} : { asked: release }) };
    if (seen.has(cursor)) throw unreadable('Composio repeats a page of the list of tools');
    seen.add(cursor);
  }
  throw unreadable('the list of tools at Composio does not end');
}

function read(item: unknown): readonly LiveTool[] {
  const name = stringAt(item, 'slug');
  if (!isObject(item) || !name) return [];
  const { input_parameters: input, available_versions: versions } = item;
  const version = stringAt(item, 'version');
  return [
    {
      name,
      description: stringAt(item, 'description') ?? '',
      ...(isObject(input) ? { input } : {}),
      ...(version === undefined ? {} : { version }),
      ...(isStrings(versions) ? { versions } : {}),
      deprecated: item['is_deprecated'] === true,
      disabled: false,
    },
  ];
}

function unreadable(what: string): RouterError {
  const next = 'Check base_url, and that nothing stands between here and Composio.';
  return new RouterError('reply_unexpected', { what, next, backend: 'composio' });
}
