import { type App, isIntent } from '../contract/app.ts';
import { type ErrorCode, RouterError } from '../contract/errors.ts';
import type { Intent, Operation } from '../contract/operation.ts';
import type { Step } from '../contract/steps.ts';
import { fieldSteps, idSteps } from './field-steps.ts';
import type { RunOptions } from './router.ts';

/** The error with what a program can do about it. Says nothing that the error does not say in words. */
export async function withSteps(apps: readonly App[], error: RouterError, options: Pick<RunOptions, 'via'>): Promise<RouterError> {
  const { code, details } = error;
  if (details.steps !== undefined) return error;
  const called = await calledBy(apps, details.operation);
  const steps = BY_CODE[code](error, { ...called, ...options });
  return steps.length === 0 ? error : new RouterError(code, { ...details, steps }, { cause: error.cause });
}

interface Context {
  readonly app?: App;
  readonly entry?: Operation | Intent;
  readonly via?: string;
}

async function calledBy(apps: readonly App[], name: string | undefined): Promise<Pick<Context, 'app' | 'entry'>> {
  const app = apps.find(({ id }) => name?.startsWith(`${id}.`));
  const entry = name === undefined ? undefined : await app?.find(name.slice((app?.id.length ?? 0) + 1));
  return app && entry ? { app, entry } : {};
}

type Rule = (error: RouterError, context: Context) => readonly Step[];

/** Long enough for a backend to come back, short enough for somebody who waits. */
const UNTOLD_WAIT_MS = 5000;

const operator: Rule = () => [{ do: 'ask_operator' }];

const wait: Rule = ({ details }) => [{ do: 'wait', ms: details.retryAfterMs ?? UNTOLD_WAIT_MS }];

const fields: Rule = ({ details }, { app, entry }) => (app && entry ? fieldSteps(details.fields ?? [], entry, app) : []);

const connect: Rule = ({ details: { connect: links = [], backend } }) => [
  { do: 'connect', backends: backend === undefined ? links.map((one) => one.backend) : [backend], ...(links.length > 0 ? { links } : {}) },
];

/** Whoever named a connection may name another one, or none. */
const elsewhere: Rule = (error, context) => (context.via === undefined ? operator(error, context) : [{ do: 'leave_via' }]);

const choose: Rule = (error, context) => {
  const { choices = [] } = error.details;
  return choices.length > 0 ? [{ do: 'choose_connection', choices }] : operator(error, context);
};

const BY_CODE: Readonly<Record<ErrorCode, Rule>> = {
  invalid_input: fields,
  rejected: (error, context) => {
    const steps = fields(error, context);
    return steps.length > 0 ? steps : [{ do: 'ask_user' }];
  },
  unknown_operation: ({ details: { nearest: choices = [] } }) => {
    const [operation] = choices;
    return operation === undefined ? [] : [{ do: 'use_operation', operation, choices }];
  },
  configuration: choose,
  connection_required: connect,
  unauthenticated: connect,
  ambiguous_account: choose,
  unsupported_fields: ({ details: { choices = [] } }, { via }) => {
    if (via !== undefined) return [{ do: 'leave_via' }];
    return [...new Set(choices.flatMap((one) => one.split(', ')))].map((field) => ({
      do: 'remove_field' as const,
      field,
      loses: true as const,
    }));
  },
  unsupported_operation: elsewhere,
  not_found: (_, { app, entry }) => (app && entry ? idSteps(entry, app) : []),
  permission_denied: elsewhere,
  conflict: (_, context) => looks(context),
  policy_denied: operator,
  approval_required: () => [{ do: 'approve' }],
  idempotency_conflict: () => [{ do: 'new_idempotency_key' }],
  rate_limited: wait,
  backend_unavailable: wait,
  timeout: wait,
  outcome_unknown: (_, context) => looks(context),
  reply_unexpected: operator,
  internal: operator,
};

/** How the catalogue says that a write is looked for. */
function looks({ app, entry }: Context): readonly Step[] {
  if (!app || !entry) return [{ do: 'ask_user' }];
  const noun = entry.id.split('.')[0] ?? '';
  const confirm = isIntent(entry) ? undefined : entry.confirm;
  const named = confirm?.how === 'search' ? [confirm.list] : confirm && 'read' in confirm && confirm.read ? [confirm.read] : [];
  const known = [...named, `${noun}.get`, `${noun}.list`].filter((id) => app.ids.includes(id));
  return known.length > 0 ? [{ do: 'look', with: [...new Set(known)].map((id) => `${app.id}.${id}`) }] : [{ do: 'ask_user' }];
}
