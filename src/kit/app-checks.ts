import { isDeepStrictEqual } from 'node:util';
import { fromHttp, httpObstacle, restated, toHttp } from '../binding/http.ts';
import { kindsOf } from '../binding/kinds.ts';
import { pathFields } from '../binding/path.ts';
import { type App, isIntent } from '../contract/app.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import { type Check, type Clause, checkOf } from './check.ts';
import { ADDRESS, PERSON } from './troubles.ts';
import { variantsOf } from './variants.ts';

type Entry = Operation | Intent;

/** What is wrong with one operation or intent, or with the app as a whole. */
const PROMISES: readonly {
  readonly clause: Clause;
  readonly when: string;
  readonly wrong: (app: App, all: readonly Entry[]) => readonly string[];
}[] = [
  {
    clause: { promise: 'every name means one operation of the app', look: '`id`: noun.verb; `app`: the id of the app that lists it.' },
    when: 'the names',
    wrong: (app, all) => [
      ...all.filter(({ id }) => !/^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$/.test(id)).map(({ id }) => `${id} is not noun.verb`),
      ...all.filter((one) => one.app !== app.id).map(({ id, app: other }) => `${id} says that it is of ${other}`),
      ...all
        .filter(({ id }, at) => app.ids[at] !== id || app.ids.indexOf(id) !== at)
        .map(({ id }) => `${id} is not in its place in ids, or twice`),
    ],
  },
  {
    clause: { promise: 'an example is valid, and a field that nobody knows is an error', look: '`example` and `input`: a strict object.' },
    when: 'the inputs',
    wrong: (_, all) =>
      all.flatMap(({ id, input, example }) => [
        ...(input.safeParse(example).success ? [] : [`the example of ${id} is not valid`]),
        ...(input.safeParse({ ...example, nobody_knows_this: 1 }).success ? [`${id} takes a field that nobody knows`] : []),
      ]),
  },
  {
    clause: {
      promise: 'what an operation refers to is there',
      look: '`confirm`, `undo`, `operation` of an intent, `identity`, and the names in `http.path`.',
    },
    when: 'the references',
    wrong: (app, all) => [...identityOf(app, all), ...all.flatMap((entry) => references(entry, all))],
  },
  {
    clause: {
      promise: "the app's own request comes back as the same call (lens law)",
      look: '`http`: two operations with one method and path, a name that is given twice by `rename`, or a value that has no text.',
    },
    when: 'the requests',
    wrong: (_, all) => {
      const operations = all.filter((entry): entry is Operation => !isIntent(entry));
      return operations.flatMap((operation) => roundTrip(operation, operations));
    },
  },
  {
    clause: { promise: 'no secret and nothing of a person is in an error', look: '`errors.read`: say what happened in words of your own.' },
    when: "the app's errors",
    wrong: ({ errors }) =>
      [400, 401, 403, 404, 409, 422, 429, 500].flatMap((status) => {
        const failure = errors.read({ status, headers: {}, body: { error: PERSON, message: PERSON, errors: [PERSON] }, effect: 'write' });
        // The app's own words may be shown, but what they say of people is masked, and an address can be told from words.
        return JSON.stringify(failure).includes(ADDRESS) ? [`of a ${status} holds what the answer said of a person`] : [];
      }),
  },
  {
    clause: {
      promise: 'a server that fails has not said that it did nothing',
      look: '`errors.read`: the delivery of a 5xx is unknown, unless the app says in its own words that nothing was done.',
    },
    when: "the app's errors",
    wrong: ({ errors }) =>
      [500, 502, 504].flatMap((status) => {
        const { delivery } = errors.read({ status, headers: {}, body: '<html>', effect: 'write' });
        return delivery === 'unknown' ? [] : [`a ${status} is read as ${delivery}`];
      }),
  },
];

/** Everything that an app is held against. */
export function appChecks(app: App): readonly Check[] {
  return PROMISES.map(({ clause, when, wrong }) =>
    checkOf(clause, when, async () => {
      const found = wrong(app, await app.all());
      return found.length > 0 ? found.join('; ') : undefined;
    }),
  );
}

function identityOf({ identity }: App, all: readonly Entry[]): readonly string[] {
  const found = all.find(({ id }) => id === identity.operation);
  if (!found) return [`identity.operation is ${identity.operation}, which is not there`];
  return found.effect === 'read' ? [] : [`identity.operation is ${identity.operation}, which is no read`];
}

function references(entry: Entry, all: readonly Entry[]): readonly string[] {
  if (isIntent(entry)) return missing(entry.id, [entry.operation], all);
  const { id, confirm, undo, http } = entry;
  const fields = Object.entries(kindsOf(entry));
  const required = fields.filter(([, kind]) => kind.required).map(([name]) => name);
  const named = confirm.how === 'search' ? [...confirm.by, ...confirm.same] : [];
  const names = [
    ...('read' in confirm && confirm.read !== undefined ? [confirm.read] : []),
    ...(confirm.how === 'search' ? [confirm.list] : []),
    ...(undo && 'read' in undo ? [undo.read] : []),
    ...(undo?.how === 'delete' ? [undo.operation] : []),
  ];
  return [
    ...missing(id, names, all),
    ...pathFields(http.path).flatMap((name) =>
      required.includes(name) ? [] : [`${id} has {${name}} in its path, which is no required field`],
    ),
    ...named.flatMap((name) =>
      fields.some(([field]) => field === name) ? [] : [`${id} is confirmed by ${name}, which is no field of it`],
    ),
    ...(confirm.how === 'none' && confirm.why.length < 10 ? [`${id} does not say why a lost answer cannot be found out`] : []),
  ];
}

function missing(id: string, names: readonly string[], all: readonly Entry[]): readonly string[] {
  return names.filter((name) => !all.some((one) => one.id === name)).map((name) => `${id} refers to ${name}, which is not there`);
}

function roundTrip(operation: Operation, operations: readonly Operation[]): readonly string[] {
  const broken = variantsOf(operation).find((input) => {
    if (httpObstacle(operation, input) !== undefined) return false;
    const request = toHttp(operation, input);
    const body = request.body && (JSON.parse(JSON.stringify(request.body)) as typeof request.body);
    const back = fromHttp(operation, { ...request, ...(body ? { body } : {}) });
    return !isDeepStrictEqual(back, restated(operation, input));
  });
  const uncarried = httpObstacle(operation, operation.example);
  const twin = operations.find((other) => other.id !== operation.id && shapeOf(other) === shapeOf(operation));
  return [
    ...(twin ? [`${operation.id} and ${twin.id} are one request, ${shapeOf(operation)}`] : []),
    ...(broken ? [`${operation.id}, with the fields ${Object.keys(broken).join(', ') || 'none'}, comes back as another call`] : []),
    ...(uncarried ? [`the example of ${operation.id} cannot be sent: ${uncarried.fields.join(', ')}`] : []),
  ];
}

/** `GET /todos/{}` */
function shapeOf({ http: { method, path } }: Operation): string {
  return `${method} ${path.replaceAll(/\{\w+\}/g, '{}')}`;
}
