import { describe, expect, it } from 'vitest';
import { closeApp } from '../../src/catalog/close/index.ts';
import { pageOf } from '../../src/catalog/describe.ts';
import { isIntent } from '../../src/contract/app.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { type Client, open } from '../sandbox/world-client.ts';
import { knownIn, STORY } from '../sandbox/world-story.ts';

const core = (await closeApp.all()).filter((entry) => !isIntent(entry) && entry.core).map(({ id }) => id);
const outputs = new Map((await closeApp.all()).map((entry) => [entry.id, pageOf(entry).output] as const));

/** Whose fields the items of activity.list have besides those of every activity. */
const KINDS: Readonly<Record<string, string>> = {
  Note: 'note.get',
  Call: 'call.get',
  SMS: 'sms.get',
  Email: 'email.get',
  Meeting: 'meeting.get',
};

/** Every answer of one run through the demo world. */
function answers(client: Client): ReadonlyMap<string, JsonObject> {
  const known = knownIn(client);
  return new Map(
    STORY.map(({ operation, input, remember }) => {
      const answer = client.ask(operation, input?.(known) ?? {});
      const [first] = Array.isArray(answer['data']) ? answer['data'].filter(isObject) : [];
      if (remember) known[remember] = String(answer['id'] ?? first?.['id']);
      return [operation, answer] as const;
    }),
  );
}

describe('what Close’s world answers', () => {
  const given = answers(open());

  it.each(core)('to %s holds no field that the catalogue does not describe', (id) => {
    const answer = given.get(id);
    expect(answer).toBeDefined();
    if (id !== 'activity.list') expect(strangers(outputs.get(id), answer, '')).toEqual([]);
  });

  it('to activity.list holds fields of all activities, and of the kind of each', () => {
    const data = given.get('activity.list')?.['data'];
    const items = (Array.isArray(data) ? data : []).filter(isObject).filter(({ _type }) => KINDS[String(_type)] !== undefined);
    expect(new Set(items.map(({ _type }) => _type))).toEqual(new Set(Object.keys(KINDS)));
    for (const item of items) expect(strangers(outputs.get(KINDS[String(item['_type'])] ?? ''), item, '')).toEqual([]);
  });
});

/** The paths of what a value holds and its schema does not name. An object without declared fields may hold anything. */
function strangers(schema: unknown, value: unknown, path: string): readonly string[] {
  const forms = formsOf(schema);
  if (Array.isArray(value)) {
    const items = forms.find((form) => isObject(form['items']))?.['items'];
    return [...new Set(value.flatMap((one) => strangers(items, one, `${path}[]`)))];
  }
  const properties = forms.find((form) => isObject(form['properties']))?.['properties'];
  if (!isObject(value) || !isObject(properties)) return [];
  return Object.entries(value).flatMap(([name, one]) =>
    Object.hasOwn(properties, name) ? strangers(properties[name], one, `${path}.${name}`) : [`${path}.${name}`],
  );
}

function formsOf(schema: unknown): readonly JsonObject[] {
  if (!isObject(schema)) return [];
  return Array.isArray(schema['anyOf']) ? schema['anyOf'].filter(isObject) : [schema];
}
