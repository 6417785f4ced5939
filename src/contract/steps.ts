import type { BackendId } from './backend.ts';

/**
 * One thing to do about an error, for programs that follow it without reading. All steps done, the same call is made again, with what
 * they changed; after `look`, `ask_operator` and `ask_user` it is not. `field` is a path, `contacts.0.emails`. Operations have their
 * full names. A step never holds a value of the input.
 */
export type Step =
  | { readonly do: 'rename_field'; readonly field: string; readonly to: string }
  /** `loses`: what it said is not sent then. */
  | { readonly do: 'remove_field'; readonly field: string; readonly loses?: true }
  | { readonly do: 'choose_value'; readonly field: string; readonly from: readonly string[]; readonly nearest?: string }
  /** Say the same value in another form. `times`: a number in another unit. */
  | { readonly do: 'convert_value'; readonly field: string; readonly to: string; readonly times?: number }
  /** Bring a number, a text's length or a list's length within its bounds. */
  | { readonly do: 'bound_value'; readonly field: string; readonly least?: number; readonly most?: number }
  | { readonly do: 'give_value'; readonly field: string; readonly type: string; readonly description?: string }
  /** Run one of the operations, of which each gives objects with an `id`, and take that of the right one. */
  | { readonly do: 'find_id'; readonly field: string; readonly with: readonly string[]; readonly prefix?: string }
  /** The value breaks a rule that only words can say: see `details.fields`. */
  | { readonly do: 'correct_field'; readonly field: string }
  | { readonly do: 'use_operation'; readonly operation: string; readonly choices: readonly string[] }
  /** Ask the user which one, and call with it as `via`. */
  | { readonly do: 'choose_connection'; readonly choices: readonly string[] }
  /** Call without `via`: another connection may be able to do it. */
  | { readonly do: 'leave_via' }
  /** Have the user connect, through one of the links or `connections.connect`; wait until it is usable. */
  | {
      readonly do: 'connect';
      readonly backends: readonly BackendId[];
      readonly links?: readonly { readonly backend: BackendId; readonly url?: string; readonly how: string }[];
    }
  | { readonly do: 'wait'; readonly ms: number }
  /** Get a person's consent, and call with `approved`. */
  | { readonly do: 'approve' }
  | { readonly do: 'new_idempotency_key' }
  /** Find out with one of the operations what happened, before anything else. */
  | { readonly do: 'look'; readonly with: readonly string[] }
  | { readonly do: 'ask_user' }
  | { readonly do: 'ask_operator' };
