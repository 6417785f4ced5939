import { isObject, type JsonObject } from '../../contract/guards.ts';
import { flag, listOf, oneOf, solid, text } from './checks.ts';
import { present, verbs } from './engine.ts';
import type { CustomType, Handlers, Kind, Scope } from './kind.ts';
import { project } from './listing.ts';
import { notFound, refuseField } from './refuse.ts';
import { asList, type Row, without } from './row.ts';
import { keep, later, rowsOf } from './rows.ts';
import type { Shelf } from './store.ts';

/** The reference shows the first five; clients have seen the others. Source: close-rest.md §14. */
const TYPES = ['text', 'number', 'date', 'choices', 'user', 'textarea', 'datetime', 'url', 'contact', 'hidden'];
const HOLDERS: Readonly<Partial<Record<CustomType, Shelf>>> = { lead: 'lead', contact: 'contact', opportunity: 'opportunity' };

/** One table for the three kinds: they differ in the object that holds the values. */
export const customFieldKinds: readonly Kind[] = (['lead', 'contact', 'opportunity'] as const).map(customField);

function customField(object: 'lead' | 'contact' | 'opportunity'): Kind {
  return {
    noun: `custom_field_${object}`,
    shelf: 'custom_field',
    prefix: 'cf',
    idNames: ['custom_field_id', `custom_field_${object}_id`, 'id'],
    stamps: 'mongo',
    required: ['name', 'type'],
    event: () => `custom_fields.${object}`,
    fields: {
      name: solid(text(200)),
      type: solid(oneOf(TYPES)),
      choices: listOf(text(200), 1000),
      accepts_multiple_values: flag,
      description: text(),
      editable_with_roles: listOf(text(), 100),
    },
    defaults: () => ({
      $noun: `custom_field_${object}`,
      $object: object,
      choices: null,
      accepts_multiple_values: false,
      description: null,
      editable_with_roles: [],
    }),
    settle: (_, row, { before }) => settleField(row, before),
    after: (scope, row, { before }) => {
      if (before && before['type'] !== row['type']) later(scope, scope.at + scope.switches.jobMs, 'converted', row.id);
    },
    cascade: (scope, row) => forgetValues(scope, object, row.id),
    list: { search: () => (row) => row['$object'] === object },
  };
}

function settleField(row: Row, before: Row | undefined): Row {
  const choices = asList(row['choices']);
  if (row['type'] === 'choices' && choices.length === 0) refuseField('choices', 'Required for type choices.');
  const converting = before && before['type'] !== row['type'] ? { converting_to_type: row['type'] } : {};
  return { ...row, choices: row['type'] === 'choices' ? choices : null, ...converting };
}

/** Timer: values are converted in the background. guess: how long that takes. */
export function converted(scope: Scope, id: string): void {
  const row = scope.store.get('custom_field', id);
  if (row) keep(scope, 'custom_field', { ...without(row, ['converting_to_type']), id });
}

/** Deleting a definition removes all its values at once. */
function forgetValues(scope: Scope, object: CustomType, id: string): void {
  const shelf = HOLDERS[object];
  for (const holder of shelf ? rowsOf(scope, shelf) : []) {
    if (isObject(holder['custom']) && holder['custom'][id] !== undefined) {
      scope.store.put(shelf ?? 'lead', { ...holder, custom: without(holder['custom'], [id]) }, scope.at);
    }
  }
}

/** Shared fields belong to no single object. The API of this catalogue only reads them. */
export const customFieldShared: Kind = {
  noun: 'custom_field_shared',
  shelf: 'custom_field',
  prefix: 'cf',
  idNames: ['custom_field_id'],
  stamps: 'mongo',
  fields: {},
  show: (_, row) => ({ associations: asList(row['$shared_with']).map((object) => ({ object_type: object })) }),
  list: { paged: false, search: () => (row) => row['$object'] === 'shared' },
};

const SCHEMA_OBJECTS = ['lead', 'contact', 'opportunity', 'activity', 'custom_object_type'];

/** All fields of an object in display order, shared ones among them. */
function schema(scope: Scope, input: JsonObject): JsonObject {
  const type = String(input['object_type']);
  const known = SCHEMA_OBJECTS.includes(type) || type.startsWith('actitype_') || type.startsWith('cotype_');
  if (!known) notFound('custom_field_schema');
  const fields = rowsOf(scope, 'custom_field').filter((row) => row['$object'] === type || asList(row['$shared_with']).includes(type));
  return { object_type: type, fields: fields.map((row) => project(present(scope, row), input['fields'])) };
}

export const customFieldHandlers: Handlers = {
  ...Object.assign({}, ...customFieldKinds.map((kind) => verbs(kind, ['list', 'create', 'get', 'update', 'delete']))),
  ...verbs(customFieldShared, ['list']),
  'custom_field_schema.get': schema,
};
