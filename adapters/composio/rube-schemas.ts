import { isStrings, type JsonObject } from '../../src/contract/guards.ts';
import { readArguments, sessionIn, textsAt } from './rube-arguments.ts';
import { type Envelope, type RubeCall, type RubeDesk, RubeRefusal, success } from './rube-desk.ts';

/** guess: how many at once is not published; as many as can be run in one call. */
const MOST_SLUGS = 50;
const PARTS = ['input_schema', 'output_schema'];

/** GET_TOOL_SCHEMAS: the whole schemas of tools, and for a slug that nobody knows the three closest. */
export async function getToolSchemas({ toolbox }: RubeDesk, { prefix }: RubeCall, raw: unknown): Promise<Envelope> {
  const args = readArguments(raw, { names: ['tool_slugs', 'include', 'session_id'], also: ['session'] });
  sessionIn(args);
  const include = readInclude(args['include']);
  const slugs = textsAt(args, 'tool_slugs', MOST_SLUGS);
  const found = await Promise.all(slugs.map(async (slug) => [slug, await toolbox.page(toolbox.named(slug) ?? '')] as const));
  const missing = found.flatMap(([slug, page]) => (page ? [] : [slug.slice(0, 100)]));
  const schemas = found.flatMap(([slug, page]) =>
    page
      ? [
          [
            slug,
            {
              toolkit: page.name.split('_')[0]?.toLowerCase(),
              tool_slug: page.name,
              description: page.description,
              ...(include.includes('input_schema') ? { input_schema: page.schema } : {}),
              ...(include.includes('output_schema') ? { output_schema: page.output } : {}),
            },
          ] as const,
        ]
      : [],
  );
  return success({
    success: missing.length === 0,
    tool_schemas: Object.fromEntries(schemas),
    ...(missing.length > 0 ? notFound(missing, toolbox.closest, `${prefix}SEARCH_TOOLS`) : {}),
  });
}

function notFound(slugs: readonly string[], closest: (written: string) => readonly string[], search: string): JsonObject {
  return {
    not_found: slugs,
    suggestions: Object.fromEntries(slugs.map((slug) => [slug, closest(slug)])),
    not_found_message: `Call again with one of the suggestions, or find the tool with ${search}.`,
  };
}

function readInclude(include: unknown): readonly string[] {
  if (include === undefined || include === null) return ['input_schema'];
  if (isStrings(include) && include.length > 0 && include.every((part) => PARTS.includes(part))) return include;
  throw new RubeRefusal(`include must be a list of ${PARTS.map((part) => JSON.stringify(part)).join(' and ')}.`);
}
