import { create, type DescField, type DescMessage, fromJson, type JsonObject, type JsonValue, toJson } from '@bufbuild/protobuf';
import { type Call, CODE, type Desk, Refusal } from './door-desk.ts';
import type { Endpoint } from './door-endpoints.ts';

/** The REST twin of a method at a path, with what the path itself says. */
interface Found {
  readonly endpoint: Endpoint;
  readonly inPath: JsonObject;
}

export function findTwin(endpoints: readonly Endpoint[], verb: string, path: string): Found | undefined {
  for (const endpoint of endpoints) {
    const [wanted, template] = endpoint.rest;
    const form = new RegExp(`^${template.replace('{id}', '(?<id>[^/:]+)')}$`);
    const found = wanted === verb ? form.exec(path) : null;
    if (found) return { endpoint, inPath: { ...found.groups } };
  }
  return undefined;
}

/** Serves a REST call: its JSON is the method's message, in the names of the proto files. */
export async function serveTwin(desk: Desk, { endpoint, inPath }: Found, request: Request, call: Call): Promise<Response> {
  const { input, output } = endpoint.rpc;
  const json = request.method === 'GET' ? readQuery(input, new URL(request.url).searchParams) : await readBody(request);
  const message = readMessage(input, { ...json, ...inPath });
  const answer = create(output, await endpoint.serve(desk, message, call));
  return Response.json(toJson(output, answer, { useProtoFieldName: true, alwaysEmitImplicit: true }));
}

/** guess: unknown fields are refused; a gateway may be set to ignore them. */
function readMessage(schema: DescMessage, json: JsonObject): ReturnType<typeof fromJson> {
  try {
    return fromJson(schema, json);
  } catch {
    throw new Refusal(CODE.invalid, `the request does not fit ${schema.typeName}`);
  }
}

async function readBody(request: Request): Promise<JsonObject> {
  const text = await request.text();
  try {
    const value: unknown = text === '' ? {} : JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject; // JSON.parse gives nothing else
  } catch {
    // falls to the refusal
  }
  throw new Refusal(CODE.invalid, 'the body is not a JSON object');
}

/** `filter.provider=CLOSE&page_size=10`: dotted names lead into messages, repeated ones are lists. */
function readQuery(schema: DescMessage, query: URLSearchParams): JsonObject {
  const names = [...new Set(query.keys())];
  const own = names.filter((name) => !name.includes('.'));
  const inner = Map.groupBy(
    names.filter((name) => name.includes('.')),
    (name) => name.split('.')[0] ?? '',
  );
  const nested = [...inner].map(([name, dotted]): [string, JsonValue] => {
    const field = fieldNamed(schema, name);
    const below = dotted.flatMap((full) => query.getAll(full).map((value): [string, string] => [full.slice(name.length + 1), value]));
    return [name, field?.message ? readQuery(field.message, new URLSearchParams(below)) : null];
  });
  return Object.fromEntries([
    ...own.map((name): [string, JsonValue] => [name, readValue(fieldNamed(schema, name), query.getAll(name))]),
    ...nested,
  ]);
}

function fieldNamed(schema: DescMessage, name: string): DescField | undefined {
  return schema.fields.find((field) => field.name === name || field.jsonName === name);
}

function readValue(field: DescField | undefined, texts: readonly string[]): JsonValue {
  const [text = ''] = texts;
  if (field?.fieldKind === 'list') return texts.flatMap((one) => one.split(','));
  const isFlag = field?.message?.typeName === 'google.protobuf.BoolValue';
  return isFlag && /^(?:true|false)$/.test(text) ? text === 'true' : text;
}
