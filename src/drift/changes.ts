import { alikeArguments, covers, pairsOf, SURE } from './alike.ts';
import type { FieldShape, ToolShape } from './shape.ts';

/** What became of one argument of a tool. `field` is the name that we know, or of a new one its own. */
export type FieldChange = { readonly field: string } & (
  | { readonly kind: 'removed_field' }
  | { readonly kind: 'renamed_field'; readonly to: string; readonly now: FieldShape; readonly confidence: number }
  | { readonly kind: 'added_field' }
  | { readonly kind: 'required_field'; readonly isNew: boolean; readonly now: FieldShape }
  | { readonly kind: 'changed_type'; readonly was: FieldShape; readonly now: FieldShape }
  | { readonly kind: 'changed_values'; readonly gone: readonly unknown[] | 'unknown'; readonly was: FieldShape; readonly now: FieldShape }
);

/** How the arguments of a tool changed. None: nothing did, or nothing is told of them. */
export function changesOf(before: ToolShape, now: ToolShape): readonly FieldChange[] {
  if (!before.fields || !now.fields) return [];
  const [ours, theirs] = [Object.entries(before.fields), Object.entries(now.fields)];
  const [known, live] = [new Map(ours), new Map(theirs)]; // names come from outside: one may be `constructor`
  const gone = ours.filter(([name]) => !live.has(name));
  const fresh = theirs.filter(([name]) => !known.has(name));
  const pairs = pairsOf(gone, fresh, alikeArguments).filter(({ confidence }) => confidence >= SURE);
  const paired = new Set(pairs.flatMap(({ one, other }) => [one, other]));
  return [
    ...gone.filter((one) => !paired.has(one)).map(([field]): FieldChange => ({ kind: 'removed_field', field })),
    ...pairs.map(
      ({ one: [field], other: [to, shape], confidence }): FieldChange => ({ kind: 'renamed_field', field, to, now: shape, confidence }),
    ),
    ...fresh
      .filter((one) => !paired.has(one))
      .map(
        ([field, shape]): FieldChange =>
          shape.required ? { kind: 'required_field', field, isNew: true, now: shape } : { kind: 'added_field', field },
      ),
    ...ours.flatMap(([field, was]) => {
      const shape = live.get(field);
      return shape ? changesIn(field, was, shape) : [];
    }),
    // An argument under another name may have changed in other ways too.
    ...pairs.flatMap(({ one: [field, was], other: [, shape] }) => changesIn(field, was, shape)),
  ];
}

function changesIn(field: string, was: FieldShape, now: FieldShape): readonly FieldChange[] {
  const gone = goneOf(was, now);
  return [
    ...(!was.required && now.required ? [{ kind: 'required_field', field, isNew: false, now } as const] : []),
    ...(covers(now, was) ? [] : [{ kind: 'changed_type', field, was, now } as const]),
    ...(gone === undefined ? [] : [{ kind: 'changed_values', field, gone, was, now } as const]),
  ];
}

/** Values that were taken and are no more; empty: there are only more of them. undefined: the same. */
function goneOf({ values: was }: FieldShape, { values: now }: FieldShape): readonly unknown[] | 'unknown' | undefined {
  if (now === undefined) return was === undefined ? undefined : [];
  if (was === undefined) return 'unknown';
  const gone = was.filter((value) => !now.includes(value));
  return gone.length > 0 || now.length > was.length ? gone : undefined;
}
