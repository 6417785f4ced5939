import { describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { pageOf } from '../../src/catalog/describe.ts';
import { isObject } from '../../src/contract/guards.ts';

const pages = (await closeApp.all()).map(pageOf);

/** Paths of all properties, at any depth, with what each is said to be. */
function described(schema: unknown, path = ''): readonly (readonly [path: string, description: unknown])[] {
  if (Array.isArray(schema)) return schema.flatMap((one) => described(one, path));
  if (!isObject(schema)) return [];
  const properties = Object.entries(isObject(schema['properties']) ? schema['properties'] : {});
  return [
    ...properties.flatMap(([name, property]) => [
      [`${path}${name}`, isObject(property) ? property['description'] : undefined] as const,
      ...described(property, `${path}${name}.`),
    ]),
    ...['items', 'anyOf', 'oneOf', 'allOf', 'additionalProperties'].flatMap((key) => described(schema[key], path)),
  ];
}

describe('what `ops show` tells of an operation’s input', () => {
  it.each(pages.map((page) => [page.id, page] as const))('says at every field of %s what it is, at any depth', (_, { input }) => {
    const silent = described(input).filter(([, description]) => typeof description !== 'string' || description.length < 4);
    expect(silent.map(([path]) => path)).toEqual([]);
  });

  it('looks at nested fields too', () => {
    const paths = described(pages.find(({ id }) => id === 'lead.create')?.input).map(([path]) => path);
    expect(paths).toEqual(expect.arrayContaining(['contacts.emails.email', 'addresses.city']));
  });

  it('offers to clear only what can be there already', () => {
    const clearing = pages
      .filter(({ input }) => described(input).some(([, text]) => /null clears(?:$| \()/.test(String(text))))
      .map(({ id }) => id);
    expect(clearing).toEqual(expect.arrayContaining(['sms.update', 'contact.update']));
    expect(clearing.filter((id) => /\.(?:create|send|log|draft)$/.test(id))).toEqual([]);
  });
});
