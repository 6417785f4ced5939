import { RouterError } from '../contract/errors.ts';
import type { JsonObject } from '../contract/guards.ts';
import type { Wishes } from './perform.ts';
import type { Services } from './services.ts';

/** Arguments that several tools have. */
export const OPERATION = { type: 'string', minLength: 1, maxLength: 120, description: 'e.g. close.lead.create' } as const;
export const DETAIL = { type: 'string', enum: ['concise', 'detailed'], description: 'Default concise' } as const;
export const APP = { type: 'string', maxLength: 60, description: 'Default: the first app' } as const;

/** How a call is made, whatever it says. */
export const WISHES = {
  via: { type: 'string', maxLength: 200, description: 'backend or backend:connection, that one or nothing' },
  idempotency_key: { type: 'string', minLength: 1, maxLength: 200, description: 'The same key and input never write twice' },
  dry_run: { type: 'boolean', description: 'Check and show the request; send nothing' },
  detail: DETAIL,
  cursor: { type: 'string', maxLength: 2000, description: 'From the last page; repeat operation and input with it' },
} as const;

/** Arguments that were checked against `WISHES`. */
export function wishesOf({ via, idempotency_key: key, dry_run: dryRun, detail, cursor }: JsonObject): Wishes {
  return {
    ...(typeof via === 'string' ? { via } : {}),
    ...(typeof key === 'string' ? { idempotencyKey: key } : {}),
    ...(dryRun === true ? { dryRun } : {}),
    ...(detail === 'detailed' ? { detail } : {}),
    ...(typeof cursor === 'string' ? { cursor } : {}),
  };
}

/** `lead.create` of the first app is `close.lead.create`. */
export function fullName({ apps }: Services, operation: string): string {
  return apps.some((app) => operation.startsWith(`${app}.`)) ? operation : `${apps[0]}.${operation}`;
}

/** Throws `invalid_input`. */
export function appNamed({ apps }: Services, app: unknown): string {
  const name = app ?? apps[0];
  if (typeof name === 'string' && apps.includes(name)) return name;
  throw new RouterError('invalid_input', {
    what: 'that app is not known',
    next: `app takes ${apps.join(', ')}; nothing was sent.`,
    fields: [{ path: 'app', problem: `must be one of ${apps.join(', ')}` }],
  });
}
