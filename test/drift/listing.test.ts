import { describe, expect, it } from 'vitest';
import { type AskTools, listTools } from '../../adapters/scalekit/tools.ts';
import { liveShape } from '../../src/drift/shape.ts';
import { compared, known } from './replay.ts';

type Page = Awaited<ReturnType<AskTools>>;

/** Answers the pages one after the other, and keeps what was asked. */
function paged(pages: readonly { readonly tools: readonly object[]; readonly nextPageToken: string }[]) {
  const asked: Parameters<AskTools>[0][] = [];
  const ask: AskTools = async (request) => {
    const page = pages[asked.length];
    asked.push(request);
    return page as unknown as Page; // only what is read of it
  };
  return { asked, ask };
}

const tool = (name: string, more: object = {}) => ({ provider: 'CLOSE', definition: { name, description: '', ...more } });

describe('the tools of Scalekit', () => {
  it('are read to the last page, those of other providers left out', async () => {
    const { ask, asked } = paged([
      { tools: [tool('close_a', { input_schema: { type: 'object' } }), { ...tool('gmail_a'), provider: 'GMAIL' }], nextPageToken: 'two' },
      { tools: [tool('close_b', { input: { type: 'object' } }), { provider: 'CLOSE' }], nextPageToken: '' },
    ]);
    const found = await listTools(ask, 'close');
    expect(found.map(({ name, input }) => [name, input])).toEqual([
      ['close_a', { type: 'object' }],
      ['close_b', { type: 'object' }],
    ]);
    expect(asked.map(({ pageToken, filter }) => [pageToken, filter.provider])).toEqual([
      ['', 'CLOSE'],
      ['two', 'CLOSE'],
    ]);
  });

  it('are not believed when a page comes twice', async () => {
    const again = { tools: [tool('close_a')], nextPageToken: 'again' };
    await expect(listTools(paged([again, again]).ask, 'close')).rejects.toMatchObject({ code: 'reply_unexpected' });
  });
});

describe('a schema as backends write it', () => {
  it.each([
    [{ type: ['string', 'null'] }, { types: ['string'], required: false }],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, { types: ['string'], required: false }],
    [{ oneOf: [{ type: 'string' }, { type: 'array' }] }, { types: ['string', 'array'], required: false }],
    [{ enum: ['a', null] }, { types: [], values: ['a'], required: false }],
    [{ const: 'a' }, { types: [], values: ['a'], required: false }],
    [{}, { types: [], required: false }],
    [true, { types: [], required: false }],
    ['nonsense', { types: [], required: false }],
  ])('%j', (schema, shape) => {
    expect(liveShape({ name: 'x', input: { type: 'object', properties: { field: schema } } }).fields).toEqual({ field: shape });
  });

  it.each([{}, { properties: null, required: 'name' }, { properties: [], required: [1] }])('%j says nothing of arguments', (input) => {
    expect(liveShape({ name: 'x', input }).fields).toEqual({});
  });

  it('that is not told at all gives no alarm', async () => {
    const now = await known('scalekit');
    const silent = now.tools.map(({ input: _untold, ...one }) => one);
    expect(compared(now, silent).findings).toEqual([]);
  });

  it('with the names of what every object has is compared like any other', async () => {
    const now = await known('scalekit');
    const properties = {
      ...(now.tools[0]?.input?.['properties'] as object),
      constructor: { type: 'string' },
      toString: { type: 'string' },
    };
    const [first, ...others] = now.tools;
    const tools = first ? [{ ...first, input: { ...first.input, properties } }, ...others] : [];
    expect(compared(now, tools).findings.map(({ kind, field }) => [kind, field])).toEqual([
      ['added_field', 'constructor'],
      ['added_field', 'toString'],
    ]);
  });
});
