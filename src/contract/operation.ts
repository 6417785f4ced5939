import type { z } from 'zod';
import type { JsonObject } from './guards.ts';

export type Effect = 'read' | 'write' | 'destructive';

/**
 * The app's own HTTP request. Without more, fields named in `path` go there, the rest goes into the query of a GET or
 * DELETE and into the JSON body of a POST or PUT (except `fields`, always query). Paging names get Close's underscore.
 */
export interface HttpTemplate {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Relative to the app's API base, e.g. `/lead/{lead_id}/`. */
  readonly path: string;
  /** Fields that travel in the query although the method has a body. */
  readonly query?: readonly string[];
  /** Ours → theirs, where the wire has another name. */
  readonly rename?: Readonly<Record<string, string>>;
  /** One object field whose content is the query (and `bodyField`, the body): for updates by filter. */
  readonly queryField?: string;
  readonly bodyField?: string;
  /** Fields that a backend's tool takes and the app's API does not. */
  readonly omits?: readonly string[];
  /** Of those: field → value → the fields by which the API says the same. A value that is not here cannot be carried. */
  readonly restates?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  /** What the app answers on success, when not 200. A 204 has no body. */
  readonly success?: 201 | 204;
}

/**
 * How to find out whether a write whose answer was lost has happened.
 * `gone`: a read by id (or a second delete) answers not_found; `of` is the input field with that id, where it is not
 * the read's own id parameter. `read-back`: a read by id shows the fields that were sent.
 * `search`: a list, filtered by `by` (or by what `where` makes of the input, where the list has no such filters), holds an object that was not there before and equals the input in `same`.
 * `none`: it cannot be found out; `why` is told to the caller.
 */
export type Confirm =
  | { readonly how: 'gone'; readonly read?: string; readonly of?: string }
  | {
      readonly how: 'read-back';
      readonly read: string;
      /** field → value sent → values that show that it has arrived, where the app moves it on by itself. */
      readonly reached?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
    }
  | {
      readonly how: 'search';
      readonly list: string;
      readonly by: readonly string[];
      readonly where?: (input: JsonObject) => JsonObject;
      readonly same: readonly string[];
    }
  | { readonly how: 'none'; readonly why: string };

/**
 * How a write can be taken back.
 * `delete`: by `operation`, whose field `id` takes the id of what was made; not when something of the lists `under` it would go with
 * it. `restore`: by the same update, with the values that `read` showed before; `instead`: of two spellings of one text, the richer.
 * `none`: it cannot be; `why` is told to the caller.
 */
export type Undo =
  | {
      readonly how: 'delete';
      readonly operation: string;
      readonly id: string;
      /** Shows what was made, by the same field. */
      readonly read: string;
      /** The field by which an object that was deleted says so, where the app goes on showing it. */
      readonly removed?: string;
      readonly under?: readonly {
        readonly list: string;
        /** The field of the list that takes the id. */
        readonly by: string;
        /** `_type` of what the app itself puts there. */
        readonly automatic?: readonly string[];
      }[];
    }
  | { readonly how: 'restore'; readonly read: string; readonly instead?: Readonly<Record<string, string>> }
  | { readonly how: 'none'; readonly why: string };

/** The canonical truth about one operation of an app. Knows no backend. */
export interface Operation<Id extends string = string, Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly app: string;
  /** `<noun>.<verb>` */
  readonly id: Id;
  /** One line that an agent can choose by. */
  readonly summary: string;
  /** A strict object: unknown fields are errors. */
  readonly input: Input;
  readonly output: Output;
  readonly effect: Effect;
  /** Whether a person outside receives something because of this input. */
  readonly sends: (input: JsonObject) => boolean;
  /** Sending it twice leaves the same state as sending it once. */
  readonly idempotent: boolean;
  readonly confirm: Confirm;
  /** Left out: what follows from its verb, see `catalog/undo.ts`. */
  readonly undo?: Undo;
  readonly http: HttpTemplate;
  /** Valid input; ids are of the right form but invented. */
  readonly example: JsonObject;
  readonly pitfalls: readonly string[];
  /** One of the 81 that the public skills and tools cover; the others are extras. */
  readonly core: boolean;
  /** Documented parameters that are left out on purpose, as the app spells them → why, and what to use instead. */
  readonly omissions?: Readonly<Record<string, string>>;
}

/**
 * A named special case or a short recipe over operations, e.g. `sms.send` = `sms.create` with status `outbox`.
 * `run` gets the validated input and a way to run canonical operations of the same app on the same route.
 */
export interface Intent<Id extends string = string, Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly app: string;
  readonly id: Id;
  readonly summary: string;
  readonly input: Input;
  readonly output: Output;
  readonly effect: Effect;
  readonly sends: (input: JsonObject) => boolean;
  /** The operation whose result this is; the one that `explain` shows. */
  readonly operation: string;
  readonly run: (input: JsonObject, call: (operation: string, input: JsonObject) => Promise<unknown>) => Promise<unknown>;
  readonly example: JsonObject;
  readonly pitfalls: readonly string[];
}
