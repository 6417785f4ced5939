import { describe, expect, it } from 'vitest';
import { closeBinding } from '../../adapters/composio/close.generated.ts';
import { CLOSE_TOOLS } from '../../adapters/composio/close-tools.ts';
import { toolboxOf } from '../../adapters/composio/rube-door.ts';
import { toTool } from '../../src/binding/tool.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import { isObject } from '../../src/contract/guards.ts';

const toolbox = toolboxOf({ app: closeApp, binding: closeBinding });
const entries = await closeApp.all();
const published = CLOSE_TOOLS.map(({ slug }) => slug);

async function requestOf(name: string, args: Readonly<Record<string, unknown>>) {
  const read = await toolbox.read(name, args);
  if ('problems' in read) throw new Error(`${name}: ${JSON.stringify(read.problems)}`);
  return read.request;
}

describe('a box of tools', () => {
  it('has what the backend publishes first, and every name once', () => {
    expect(toolbox.names.slice(0, published.length)).toEqual(published);
    expect(new Set(toolbox.names).size).toBe(toolbox.names.length);
    for (const name of toolbox.names) expect(name).toMatch(/^CLOSE(?:_[A-Z0-9]+)+$/);
  });

  it.each(entries)('has $id under a name, and takes its example as it is', async ({ id, example }) => {
    const name = toolbox.named(id) ?? 'none';
    expect([toolbox.named(`close.${id}`), toolbox.named(name.toLowerCase())]).toEqual([name, name]);
    expect(await requestOf(name, example)).toEqual({ operation: id, input: example });
  });

  it.each(
    entries.flatMap((entry) => {
      const cell = isIntent(entry) ? undefined : closeBinding.cells[entry.id];
      return cell?.transport === 'tool' ? [{ id: entry.id, cell, example: entry.example }] : [];
    }),
  )('understands $id in the tool’s words and in the app’s own', async ({ id, cell, example }) => {
    const carried = Object.fromEntries(Object.entries(example).filter(([field]) => cell.accepts.includes(field)));
    expect(await requestOf(cell.tool, toTool(cell, carried))).toMatchObject({ operation: id, input: carried });
    expect(await requestOf(cell.tool, { ...example, ...cell.constants })).toMatchObject({ operation: id, input: example });
  });

  it('describes every tool with a schema that its arguments can be written by', async () => {
    for (const name of toolbox.names) {
      const page = await toolbox.page(name);
      expect(page, name).toMatchObject({ name, published: published.includes(name), schema: { type: 'object' } });
      expect(page?.description.length).toBeGreaterThan(10);
      const { properties, required = [] } = page?.schema ?? {};
      if (isObject(properties)) expect(Object.keys(properties)).toEqual(expect.arrayContaining([...(required as string[])]));
    }
    expect(await toolbox.page('CLOSE_NOTHING')).toBeUndefined();
  });

  it('speaks of tools by their names, not of operations', async () => {
    for (const name of toolbox.names) {
      const words = JSON.stringify(await toolbox.page(name)).match(/\b[a-z_]+\.[a-z_]+\b/g) ?? [];
      expect(words.filter((word) => closeApp.ids.includes(word))).toEqual([]);
    }
  });

  it.each(['toString', '__proto__', '', 'close.', 'CLOSE_', 'constructor'])('knows no tool %j', (name) => {
    expect(toolbox.named(name)).toBeUndefined();
  });
});
