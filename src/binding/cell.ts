import { nearest } from '../catalog/nearest.ts';
import type { Cell, ToolCell } from '../contract/binding.ts';
import { isObject, isStrings, type JsonObject } from '../contract/guards.ts';
import type { Finding } from './check.ts';
import { TRANSFORMS } from './transforms.ts';

/** A cell as it was written, or what is wrong with it. */
export type ReadCell = { readonly cell: Cell; readonly findings: readonly [] } | { readonly findings: readonly Finding[] };

/** Reads one cell: `tool`, `proxy: true`, `direct: true` or `none: "why"`. */
export function readCell(raw: unknown): ReadCell {
  if (!isObject(raw)) return wrong('a cell is a map with tool, proxy, direct or none');
  const forms = FORMS.filter((form) => Object.hasOwn(raw, form));
  const [form] = forms;
  if (form === undefined || forms.length > 1) return wrong(`a cell has exactly one of ${FORMS.join(', ')}`);
  const findings = [...unknownKeys(raw, KEYS[form]), ...wrongTypes(raw)];
  if (findings.length > 0) return { findings };
  switch (form) {
    case 'tool':
      return raw['accepts'] === undefined
        ? wrong('a tool says under accepts which fields it takes')
        : { cell: toolCell(raw), findings: [] };
    case 'none':
      return { cell: { transport: 'none', why: String(raw['none']) }, findings: [] };
    case 'proxy':
      return { cell: { transport: 'proxy', ...(raw['why'] === undefined ? {} : { why: String(raw['why']) }) }, findings: [] };
    case 'direct':
      return { cell: { transport: 'direct' }, findings: [] };
    default:
      return form satisfies never;
  }
}

/** Keys that are not among the allowed ones, with the nearest that is. */
export function unknownKeys(raw: JsonObject, allowed: readonly string[]): readonly Finding[] {
  return Object.keys(raw)
    .filter((key) => !allowed.includes(key))
    .map((key) => {
      const [close] = nearest(key, allowed, 1);
      return { at: [key], message: `unknown key ${key}${close ? `; did you mean ${close}?` : ''}` };
    });
}

const FORMS = ['tool', 'proxy', 'direct', 'none'] as const;
const isText = (value: unknown): boolean => typeof value === 'string' && value !== '';
const isNames = (value: unknown): boolean => isObject(value) && Object.values(value).every(isText);
const isTransforms = (value: unknown): boolean =>
  isObject(value) && Object.values(value).every((name) => typeof name === 'string' && Object.hasOwn(TRANSFORMS, name));

/** Key of a cell → what it must be. In the order in which the compiled cell holds them. */
const TYPES: Readonly<Record<string, { readonly is: (value: unknown) => boolean; readonly a: string }>> = {
  tool: { is: isText, a: 'their name' },
  accepts: { is: isStrings, a: 'a list of fields' },
  needs: { is: isStrings, a: 'a list of fields' },
  rename: { is: isNames, a: 'a map, ours: theirs' },
  json: { is: isStrings, a: 'a list of fields' },
  list: { is: isStrings, a: 'a list of fields' },
  single: { is: isStrings, a: 'a list of fields' },
  transform: { is: isTransforms, a: `a map, field: one of ${Object.keys(TRANSFORMS).join(', ')}` },
  excludes: { is: isStrings, a: 'a list of dotted fields' },
  values: { is: (value) => isObject(value) && Object.values(value).every(isObject), a: 'a map, field: { ours: theirs }' },
  constants: { is: isObject, a: 'a map, theirs: value' },
  also: { is: isNames, a: 'a map, theirs: ours' },
  doorOnly: { is: isStrings, a: 'a list of their names' },
  losses: { is: isStrings, a: 'a list of sentences' },
  proxy: { is: (value) => value === true, a: 'true' },
  direct: { is: (value) => value === true, a: 'true' },
  none: { is: isText, a: 'the reason' },
  why: { is: isText, a: 'the reason' },
};

const KEYS: Readonly<Record<(typeof FORMS)[number], readonly string[]>> = {
  tool: Object.keys(TYPES).filter((key) => !['proxy', 'direct', 'none', 'why'].includes(key)),
  proxy: ['proxy', 'why'],
  direct: ['direct'],
  none: ['none'],
};

function wrongTypes(raw: JsonObject): readonly Finding[] {
  return Object.entries(raw)
    .filter(([key, value]) => TYPES[key]?.is(value) === false)
    .map(([key]) => ({ at: [key], message: `${key} must be ${TYPES[key]?.a}` }));
}

function toolCell(raw: JsonObject): ToolCell {
  const listed = KEYS.tool.filter((key) => raw[key] !== undefined).map((key) => [key, raw[key]]);
  return { transport: 'tool', ...Object.fromEntries(listed) } as ToolCell; // TYPES has checked every key of it
}

function wrong(message: string): ReadCell {
  return { findings: [{ at: [], message }] };
}
