import { jsonSchema } from '../catalog/json-schema.ts';
import { type App, isIntent } from '../contract/app.ts';
import type { FieldProblem } from '../contract/errors.ts';
import { isObject, isStrings, type JsonObject, stringAt } from '../contract/guards.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import type { Step } from '../contract/steps.ts';
import { sourcesOf } from './sources.ts';

/** What has to be known of an operation in order to correct its input. */
interface Shape {
  readonly entry: Operation | Intent;
  readonly app: App;
  readonly schema: JsonObject;
}

const SCHEMAS = new WeakMap<Operation | Intent, JsonObject>();

/** The schema of the input, made once: many rows of one file can be wrong in the same way. */
function inputOf(entry: Operation | Intent): JsonObject {
  const known = SCHEMAS.get(entry) ?? jsonSchema(entry.input, 'input');
  SCHEMAS.set(entry, known);
  return known;
}

/** What to do about each field of an input that was refused, before or by the app. */
export function fieldSteps(problems: readonly FieldProblem[], entry: Operation | Intent, app: App): readonly Step[] {
  const shape = { entry, app, schema: inputOf(entry) };
  const moved = strayAndHole(problems);
  const rest = problems.filter(({ path }) => path !== moved?.field).flatMap((one) => stepsOf(one, shape));
  const steps = moved ? [moved, ...rest] : rest;
  // What another field is renamed to is there then.
  const filled = steps.flatMap((step) => (step.do === 'rename_field' ? [step.to] : []));
  return steps.filter((step) => step.do === 'rename_field' || !('field' in step) || !filled.includes(step.field));
}

/** The one object of an operation that its path names: where it is not found, its id was wrong. */
export function idSteps(entry: Operation | Intent, app: App): readonly Step[] {
  const schema = inputOf(entry);
  const named = subjectsOf(entry);
  const fields = named.length > 0 ? named : isStrings(schema['required']) ? schema['required'] : [];
  return fields.flatMap((path) => find(path, { entry, app, schema }));
}

/** The fields that say which object the operation is about. */
function subjectsOf(entry: Operation | Intent): readonly string[] {
  return isIntent(entry) ? [] : [...entry.http.path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
}

/** One field too many and one too few are most likely the same one under another name. */
function strayAndHole(problems: readonly FieldProblem[]): Extract<Step, { do: 'rename_field' }> | undefined {
  const strays = problems.filter(({ reason, nearest: close }) => reason === 'unknown' && close === undefined);
  const holes = problems.filter(({ reason }) => reason === 'missing');
  const [stray, hole] = [strays[0], holes[0]];
  if (strays.length !== 1 || holes.length !== 1 || !stray || !hole) return undefined;
  return { do: 'rename_field', field: stray.path, to: hole.path };
}

/** Problems of the field's name, or of its one value: whatever it takes, no id is looked for. */
const BY_FIELD: readonly (string | undefined)[] = ['unknown', 'left_out', 'value'];

function stepsOf(problem: FieldProblem, shape: Shape): readonly Step[] {
  const { path: field, reason } = problem;
  const schema = schemaAt(shape.schema, field);
  const found = BY_FIELD.includes(reason) ? [] : find(field, shape);
  if (found.length > 0) return found;
  switch (reason) {
    case 'unknown':
      return [problem.nearest === undefined ? { do: 'remove_field', field, loses: true } : renamed(field, problem.nearest)];
    case 'left_out':
      return [{ do: 'remove_field', field, loses: true }, ...instead(problem.problem, shape)];
    case 'missing':
      return [given(field, schema)];
    case 'value':
      return [chosen(problem, schema)];
    case 'type':
    case 'form':
      return [converted(field, schema, problem)];
    case 'bound':
      return [bounded(field, schema)];
    case 'rule':
    case undefined:
      return [{ do: 'correct_field', field }];
    default:
      return reason satisfies never;
  }
}

function renamed(field: string, to: string): Step {
  return { do: 'rename_field', field, to: [...field.split('.').slice(0, -1), to].join('.') };
}

/** The reason for an omission names what to use in its place: "use status_id, from lead_status.list". */
function instead(why: string, shape: Shape): readonly Step[] {
  const [, field = ''] = /\buse (\w+)/.exec(why) ?? [];
  return schemaAt(shape.schema, field) ? find(field, shape) : [];
}

/** Empty: the field takes no id, or nothing shows such ids. */
function find(field: string, { entry, app, schema }: Shape): readonly Step[] {
  const own = schemaAt(schema, field);
  const prefix = prefixOf(own);
  const name = field.split('.').findLast((part) => !/^\d+$/.test(part)) ?? field;
  if (prefix === undefined && !/_ids?$/.test(name)) return [];
  const isSubject = subjectsOf(entry).includes(field);
  const sources = sourcesOf({ name, description: stringAt(own, 'description') ?? '', prefix, isSubject }, entry.id, app);
  return sources.length === 0 ? [] : [{ do: 'find_id', field, with: sources, ...(prefix === undefined ? {} : { prefix }) }];
}

function given(field: string, schema: JsonObject | undefined): Step {
  const values = schema && enumOf(schema);
  if (values) return { do: 'choose_value', field, from: values };
  const description = stringAt(schema, 'description');
  return { do: 'give_value', field, type: typeOf(schema), ...(description === undefined ? {} : { description }) };
}

function chosen({ path: field, expected, nearest: close }: FieldProblem, schema: JsonObject | undefined): Step {
  const from = (schema && enumOf(schema)) ?? expected?.split(' | ') ?? [];
  const only = from.length === 1 ? from[0] : close;
  return { do: 'choose_value', field, from, ...(only === undefined ? {} : { nearest: only }) };
}

/** A fraction where whole cents are wanted was written in the main unit. */
function converted(field: string, schema: JsonObject | undefined, { expected, received }: FieldProblem): Step {
  const to = schema ? typeOf(schema) : (expected ?? 'string');
  const isMinor = received === 'number' && to === 'integer' && /minor units|cents/.test(stringAt(schema, 'description') ?? '');
  return { do: 'convert_value', field, to, ...(isMinor ? { times: 100 } : {}) };
}

function bounded(field: string, schema: JsonObject = {}): Step {
  const { minimum, minLength, minItems, maximum, maxLength, maxItems } = plainOf(schema);
  const [least] = [minimum, minLength, minItems].filter((one) => typeof one === 'number');
  const [most] = [maximum, maxLength, maxItems].filter((one) => typeof one === 'number');
  return { do: 'bound_value', field, ...(least === undefined ? {} : { least }), ...(most === undefined ? {} : { most }) };
}

/** Walks by names and positions, through variants. */
function schemaAt(schema: JsonObject, path: string): JsonObject | undefined {
  return path.split('.').reduce<JsonObject | undefined>((found, key) => found && childOf(plainOf(found), key), schema);
}

function childOf({ properties, items }: JsonObject, key: string): JsonObject | undefined {
  const child =
    /^\d+$/.test(key) && items !== undefined ? items : isObject(properties) && Object.hasOwn(properties, key) ? properties[key] : undefined;
  return isObject(child) ? child : undefined;
}

/** Of several variants the first that is more than null, with the description of the whole. */
function plainOf(schema: JsonObject): JsonObject {
  const variants = Array.isArray(schema['anyOf']) ? schema['anyOf'].filter(isObject) : [];
  const found = variants.find((one) => one['type'] !== 'null');
  return found ? { ...schema, ...found, description: stringAt(schema, 'description') ?? stringAt(found, 'description') } : schema;
}

function prefixOf(schema: JsonObject | undefined): string | undefined {
  const { pattern } = plainOf(schema ?? {});
  return typeof pattern === 'string' ? /^\^\(\?:([a-z]+)[|)]/.exec(pattern)?.[1] : undefined;
}

function enumOf(schema: JsonObject): readonly string[] | undefined {
  const values = plainOf(schema)['enum'];
  return Array.isArray(values) ? values.map(String) : undefined;
}

/** `integer`, `array`, or what a text has to look like: `date`, `date-time`, `email`. */
function typeOf(schema: JsonObject = {}): string {
  const { type, format, description } = plainOf(schema);
  const named = isStrings(type) ? type.find((one) => one !== 'null') : type;
  if (typeof format === 'string') return format;
  if (named === 'string' && typeof description === 'string') return formIn(description);
  return typeof named === 'string' ? named : 'string';
}

function formIn(description: string): string {
  if (/date YYYY-MM-DD/.test(description)) return 'date';
  return /ISO 8601 date-time/.test(description) ? 'date-time' : 'string';
}
