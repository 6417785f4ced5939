import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BACKENDS } from '../../adapters/index.ts';
import { fromHttp, httpObstacle, restated, toHttp } from '../../src/binding/http.ts';
import { matchRequest } from '../../src/binding/match.ts';
import { fromTool, obstacle, toTool } from '../../src/binding/tool.ts';
import { fromWire, toWire } from '../../src/binding/wire.ts';
import { closeApp } from '../../src/catalog/close/index.ts';
import { isIntent } from '../../src/contract/app.ts';
import type { ToolCell } from '../../src/contract/binding.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { inputsOf } from '../support/arbitrary.ts';

const operations = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry));
/** So many inputs are really carried; when more than four of five cannot be, the law was hardly tried and fails. */
const RUNS = { numRuns: 60, maxSkipsPerRun: 4 };

/** The one loss that every form on Close's wire has: an empty group of custom fields has no spelling, and says nothing. */
function withoutEmptyGroups(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutEmptyGroups);
  if (!isObject(value)) return value;
  const entries = Object.entries(value).filter(
    ([name, item]) => !(/^custom(?:_add|_remove)?$/.test(name) && isObject(item) && Object.keys(item).length === 0),
  );
  return Object.fromEntries(entries.map(([name, item]) => [name, withoutEmptyGroups(item)]));
}

describe.each(operations.map((operation) => [operation.id, operation] as const))('%s as an HTTP request', (_, operation) => {
  it('comes back as the same call, from the only operation it can mean, and is valid again', () => {
    fc.assert(
      fc.property(inputsOf(operation), (given) => {
        fc.pre(httpObstacle(operation, given) === undefined);
        const input = restated(operation, given);
        const request = toHttp(operation, given);
        const wire = { ...request, query: request.query, ...(request.body ? { body: overTheWire(request.body) } : {}) };
        expect(fromHttp(operation, wire)).toEqual(withoutEmptyGroups(input));
        const target = `${request.path}?${new URLSearchParams(request.query.map(([name, value]): [string, string] => [name, value]))}`;
        const matched = matchRequest(operations, { method: request.method, path: target, body: wire.body });
        expect(matched?.operation.id).toBe(operation.id);
        expect(matched?.input).toEqual(withoutEmptyGroups(input));
        expect(operation.input.safeParse(matched?.input).error).toBeUndefined();
      }),
      RUNS,
    );
  });

  it('can always carry its example', () => {
    expect(httpObstacle(operation, operation.example)).toBeUndefined();
  });
});

const bindings = (await Promise.all(Object.values(BACKENDS).map((backend) => backend.bindings()))).flat();
const tools = bindings.flatMap(({ backend, cells, inbound }) =>
  operations.flatMap((operation) => {
    const [cell, further] = [cells[operation.id], inbound[operation.id] ?? []];
    const plain = cell?.transport === 'tool' ? [{ name: `${operation.id} as ${cell.tool} of ${backend}`, operation, cell }] : [];
    return [
      ...plain,
      ...further.map((other, at) => ({
        name: `${operation.id} as ${other.tool} of ${backend}, spelling ${at + 2}`,
        operation,
        cell: other,
      })),
    ];
  }),
);

/** The input without what the tool cannot carry: fields that it does not accept, and values that it has no word for. */
function withinReach(cell: ToolCell, input: JsonObject): JsonObject {
  const entries = Object.entries(input).filter(([name]) => cell.accepts.includes(name));
  const fits = ([name, value]: readonly [string, unknown]): boolean => obstacle({ ...cell, needs: [] }, { [name]: value }) === undefined;
  return Object.fromEntries(entries.filter(fits));
}

describe.each(tools)('$name', ({ operation, cell }) => {
  it('comes back as the same call whenever the tool can carry it', () => {
    fc.assert(
      fc.property(
        inputsOf(operation).map((given) => ({ ...withinReach(cell, operation.example), ...withinReach(cell, given) })),
        (input) => {
          fc.pre(obstacle(cell, input) === undefined);
          expect(withoutEmptyGroups(fromTool(cell, overTheWire(toTool(cell, input))))).toEqual(withoutEmptyGroups(input));
        },
      ),
      RUNS,
    );
  });
});

describe('custom fields', () => {
  const id = fc.stringMatching(/^cf_[A-Za-z0-9]{1,8}$/);
  const group = fc.dictionary(id, fc.jsonValue({ maxDepth: 1 }), { minKeys: 1, maxKeys: 3, noNullPrototype: true });
  const contact = fc.record({ name: fc.string(), custom: group }, { requiredKeys: [], noNullPrototype: true });
  const lead = fc.record(
    { name: fc.string(), custom: group, custom_add: group, custom_remove: group, contacts: fc.array(contact) },
    { requiredKeys: [], noNullPrototype: true },
  );

  it('go flat and come back nested, at whatever depth', () => {
    fc.assert(
      fc.property(lead, (value) => {
        expect(fromWire(overTheWire(toWire(value)))).toEqual(overTheWire(value));
      }),
    );
  });

  it('come back as they were even among names of the language', () => {
    const value = JSON.parse(
      '{"__proto__":{"custom":{"cf_a":1}},"constructor":1,"custom":{"toString":2,"cf_b":{"custom":{}}}}',
    ) as JsonObject;
    expect(JSON.stringify(fromWire(toWire(value)))).toBe(
      '{"__proto__":{"custom":{"cf_a":1}},"constructor":1,"custom":{"cf_b":{"custom":{}},"toString":2}}',
    );
  });
});

function overTheWire(value: JsonObject): JsonObject {
  return JSON.parse(JSON.stringify(value)) as JsonObject;
}
