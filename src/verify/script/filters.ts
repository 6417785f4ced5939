import type { JsonObject } from '../../contract/guards.ts';
import type { Operation } from '../../contract/operation.ts';
import { type Known, needsOf, type Step } from '../known.ts';

/** Filters that let nothing or little through: one that gets lost on the way shows in what comes back. */
const FILTERS: Readonly<Record<string, (known: Known) => unknown>> = {
  fields: () => ['id'],
  limit: () => 1,
  skip: () => 1,
  lead_id: (k) => k('contact lead'),
  contact_id: (k) => k('some contact'),
  user_id: (k) => k('user'),
  assigned_to: (k) => k('user'),
  is_complete: () => true,
  view: () => 'future',
  status_id: (k) => k('some opportunity_status'),
  status_type: () => 'won',
  value_period: () => 'annual',
  order_by: () => '-date_created',
  sequence_id: (k) => k('some sequence'),
};
const OWN: Readonly<Record<string, Readonly<Record<string, (known: Known) => unknown>>>> = {
  'task.list': {
    _type: () => 'lead',
    order_by: () => '-date',
    id: (k) => k('some task'),
  },
  'user.list': { order_by: () => 'email' },
  'activity.list': { _type__in: () => ['Note', 'Call'] },
  'note.list': { id__in: (k) => [k('some note')] },
  'call.list': { id__in: (k) => [k('some call')] },
  'email.list': { id__in: (k) => [k('some email')] },
  'lead.list': { query: () => 'name:"nobody has this name"' },
};

/** Filters that Close takes only together with another one. */
const WITH: Readonly<Record<string, (known: Known) => JsonObject>> = {
  'activity.list _type__in': (k) => ({ lead_id: k('contact lead') }),
  activity_at: (k) => ({ lead_id: k('contact lead'), order_by: '-activity_at' }),
  'activity.list contact_id': (k) => ({ lead_id: k('contact lead') }),
  'activity.list user_id': (k) => ({ lead_id: k('contact lead') }),
};

const LATE = '2099-01-01T00:00:00Z';
const EARLY = '1999-01-01T00:00:00Z';

/** Each read again once per filter that it has, one at a time. */
export function filtered(operation: Operation, plain: Step): readonly Step[] {
  if (operation.effect !== 'read' || operation.http.method !== 'GET') return [];
  const schema = operation.input;
  const fields = 'shape' in schema && typeof schema.shape === 'object' && schema.shape !== null ? Object.keys(schema.shape) : [];
  return fields.flatMap((field) => {
    const value = OWN[operation.id]?.[field] ?? FILTERS[field] ?? bound(field);
    const used = plain.input === undefined ? [] : Object.keys(plain.input((name) => name));
    if (!value || (used.includes(field) && !['limit'].includes(field))) return [];
    const input = (known: Known): JsonObject => ({
      ...plain.input?.(known),
      ...(WITH[`${operation.id} ${field}`] ?? WITH[field.replace(/__\w+$/, '')])?.(known),
      [field]: value(known),
    });
    const step: Step = { operation: operation.id, input };
    return accepts(operation, step) ? [step] : [];
  });
}

/** `date_created__gt` and its like. */
function bound(field: string): (() => unknown) | undefined {
  const [, name = '', side = ''] = /^(date\w*?|activity_at)__(gte?|lte?)$/.exec(field) ?? [];
  if (side === '') return undefined;
  const instant = side.startsWith('g') ? LATE : EARLY;
  return () => (name === 'date_won' || name === 'date' || name === 'date_lost' ? instant.slice(0, 10) : instant);
}

/** A field of the same name takes other values elsewhere. Ids are not known yet: they are not held against it. */
function accepts(operation: Operation, step: Step): boolean {
  const needed = new Set(needsOf(step));
  const result = operation.input.safeParse(step.input?.((name) => name) ?? {});
  return (
    result.success ||
    result.error.issues.every(({ path }) => {
      const given = step.input?.((name) => name)[String(path[0])];
      return [given].flat().some((text) => typeof text === 'string' && needed.has(text));
    })
  );
}
