import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { closeApp } from '../../src/catalog/close/index.ts';
import { pageOf } from '../../src/catalog/describe.ts';
import { isIntent } from '../../src/contract/app.ts';
import { isRouterError } from '../../src/contract/errors.ts';
import type { Operation } from '../../src/contract/operation.ts';
import { validate } from '../../src/router/validate.ts';
import { DOCUMENTED } from './documented.ts';

const core = (await closeApp.all()).filter((entry): entry is Operation => !isIntent(entry) && entry.core);

/** How fields of ours are spelled on Close's wire. */
const WIRE: Readonly<Record<string, readonly string[]>> = {
  limit: ['_limit'],
  skip: ['_skip'],
  fields: ['_fields'],
  order_by: ['_order_by'],
  custom: ['custom.cf_<id>'],
  custom_add: ['custom.cf_<id>.add'],
  custom_remove: ['custom.cf_<id>.remove'],
};

/** Everything that the operation's input says, as Close may spell it. */
function carried({ input, http }: Operation): ReadonlySet<string> {
  const { properties = {} } = z.toJSONSchema(input, { io: 'input', unrepresentable: 'any' });
  return new Set(Object.keys(properties).flatMap((name) => WIRE[name] ?? [name, http.rename?.[name] ?? name]));
}

it('the parameters of all 81 core operations are written down, and of no other', () => {
  expect([...DOCUMENTED.keys()].toSorted()).toEqual(core.map(({ id }) => id).toSorted());
  expect([...DOCUMENTED.values()].flat().length).toBe(500);
});

describe.each(core.map((operation) => [operation.id, operation] as const))('%s', (id, operation) => {
  const documented = DOCUMENTED.get(id) ?? [];
  const omitted = Object.keys(operation.omissions ?? {});

  it('takes every parameter that Close documents, or says why not', () => {
    const inputs = carried(operation);
    expect(documented.filter((name) => !inputs.has(name)).toSorted()).toEqual(omitted.toSorted());
  });

  it('tells whoever gives one that is left out what to do instead, and shows it', () => {
    for (const name of omitted) expect(refusalOf(operation, name)).toContain(`${name}: is left out on purpose: `);
    expect(Object.keys(pageOf(operation).omissions ?? {})).toEqual(omitted);
  });
});

function refusalOf(operation: Operation, name: string): string {
  try {
    validate(operation, { ...operation.example, [name]: 'x' });
    return 'accepted';
  } catch (error) {
    if (isRouterError(error)) return error.message;
    throw error;
  }
}
