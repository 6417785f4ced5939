import { isObject, type JsonObject } from '../contract/guards.ts';

/** Custom fields travel flat, `custom.cf_x`, at whatever depth; `custom_add` and `custom_remove` are suffixes. */
export function toWire(value: JsonObject): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).flatMap(([name, item]) => flatten(name, item)));
}

/** The inverse of `toWire`. An empty group of custom fields says nothing and does not come back. */
export function fromWire(value: JsonObject): Record<string, unknown> {
  const nested = new Map<string, unknown>();
  for (const [name, item] of Object.entries(value)) {
    const [group, content] = readFlat(name, item) ?? [
      name,
      Object.hasOwn(SUFFIX, name) && isObject(item) ? readGroup(item) : deep(item, fromWire),
    ];
    const before = nested.get(group);
    nested.set(group, isObject(before) && isObject(content) ? { ...before, ...content } : content);
  }
  return Object.fromEntries(nested);
}

/** Applies `toWire` or `fromWire` to every object at or in a value. */
export function deep(item: unknown, convert: (value: JsonObject) => Record<string, unknown>): unknown {
  if (Array.isArray(item)) return item.map((one) => deep(one, convert));
  return isObject(item) ? convert(item) : item;
}

const SUFFIX: Readonly<Record<string, string>> = { custom: '', custom_add: '.add', custom_remove: '.remove' };
const GROUP: Readonly<Record<string, string>> = { '.add': 'custom_add', '.remove': 'custom_remove' };
const FIELD_ID = /^cf_[A-Za-z0-9_-]+$/;
const FLAT = /^custom\.(cf_[A-Za-z0-9_-]+)(\.add|\.remove)?$/;

type Entry = readonly [name: string, value: unknown];

function flatten(name: string, item: unknown): readonly Entry[] {
  if (!Object.hasOwn(SUFFIX, name) || !isObject(item)) return [[name, deep(item, toWire)]];
  const { fields, rest } = parted(item);
  const flat = fields.map(([key, one]): Entry => [`custom.${key}${SUFFIX[name]}`, one]);
  return rest.length > 0 ? [...flat, [name, toWire(Object.fromEntries(rest))]] : flat;
}

function readFlat(name: string, item: unknown): Entry | undefined {
  const [, field, suffix = ''] = FLAT.exec(name) ?? [];
  return field === undefined ? undefined : [GROUP[suffix] ?? 'custom', { [field]: item }];
}

function readGroup(item: JsonObject): JsonObject {
  const { fields, rest } = parted(item);
  return { ...Object.fromEntries(fields), ...fromWire(Object.fromEntries(rest)) };
}

/** Values of custom fields are the user's own: nothing inside them is a name of ours. */
function parted(item: JsonObject): { readonly fields: readonly Entry[]; readonly rest: readonly Entry[] } {
  const entries = Object.entries(item);
  return { fields: entries.filter(([key]) => FIELD_ID.test(key)), rest: entries.filter(([key]) => !FIELD_ID.test(key)) };
}
