import type { MessageShape } from '@bufbuild/protobuf';
import type { LiveTool } from '../../src/contract/adapter.ts';
import { RouterError } from '../../src/contract/errors.ts';
import { isObject, stringAt } from '../../src/contract/guards.ts';
import type { Descriptors } from './descriptors.ts';

type Page = MessageShape<Descriptors['tools']['method']['listTools']['output']>;

/** Without a size a page has ten tools only. */
const PAGE = 100;
/** A list that goes on after that never ends: 10,000 tools of one provider. */
const MOST_PAGES = 100;

/** Asks for one page. */
export type AskTools = (request: {
  readonly filter: { readonly provider: string };
  readonly pageSize: number;
  readonly pageToken: string;
}) => Promise<Page>;

/** All tools of a provider, whose name is the app's in capitals. */
export async function listTools(ask: AskTools, app: string): Promise<readonly LiveTool[]> {
  const provider = app.toUpperCase();
  const found = new Map<string, LiveTool>();
  const seen = new Set<string>();
  let pageToken = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const { tools, nextPageToken } = await ask({ filter: { provider }, pageSize: PAGE, pageToken });
    for (const tool of tools.filter((one) => one.provider === '' || one.provider === provider).flatMap(read)) found.set(tool.name, tool);
    if (nextPageToken === '') return [...found.values()];
    if (seen.has(nextPageToken)) throw unreadable('Scalekit repeats a page of the list of tools');
    seen.add(nextPageToken);
    pageToken = nextPageToken;
  }
  throw unreadable('the list of tools at Scalekit does not end');
}

/** A definition is free JSON. Which keys always exist is not published: another spelling of the schema was seen in a sample. */
function read({ definition }: Page['tools'][number]): readonly LiveTool[] {
  const name = stringAt(definition, 'name');
  if (!isObject(definition) || !name) return [];
  const schemas: readonly unknown[] = [definition['input_schema'], definition['input']];
  const input = schemas.find(isObject);
  const description = stringAt(definition, 'description') ?? '';
  return [{ name, description, ...(input ? { input } : {}), deprecated: false, disabled: false }];
}

function unreadable(what: string): RouterError {
  const next = 'Check env_url, and that nothing stands between here and Scalekit.';
  return new RouterError('reply_unexpected', { what, next, backend: 'scalekit' });
}
