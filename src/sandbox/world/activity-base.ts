import { instant, REQUIRED, ref } from './checks.ts';
import { mongoTime } from './clock.ts';
import type { Fields, Kind, ListSpec } from './kind.ts';
import { among, dates } from './listing.ts';
import { leadOf } from './names.ts';
import { refuseField } from './refuse.ts';
import { type Row, textOf, without } from './row.ts';

/** What all activities have. Dates a client may set when it imports: `date_created`, `activity_at`. */
export const imported: Fields = { created_by_id: ref('user'), date_created: instant };
export const common: Fields = { contact_id: ref('contact'), activity_at: instant, user_id: ref('user') };

export const activityFilters: ListSpec['filters'] & {} = {
  ...among('id', 'lead_id', 'contact_id', 'user_id'),
  ...dates('date_created'),
  ...dates('activity_at'),
};

export const activityOrder: ListSpec['order'] & {} = {
  date_created: (_, row) => textOf(row, 'date_created'),
  activity_at: (_, row) => textOf(row, 'activity_at'),
};

type Own = Pick<Kind, 'noun' | 'type' | 'fields'> & Partial<Kind>;

/** An activity kind: ids start with `acti_` whatever the kind, and each names its user. */
export function activityKind(own: Own): Kind {
  return {
    shelf: 'activity',
    prefix: 'acti',
    idNames: [`${own.noun}_id`, 'id'],
    stamps: 'mongo',
    names: ['user_id', 'created_by', 'updated_by'],
    ...own,
    fields: { ...common, ...own.fields },
    defaults: (scope, body) => ({
      lead_id: leadOf(scope, body) ?? null,
      contact_id: null,
      user_id: scope.actor.userId,
      users: [],
      activity_at: mongoTime(scope.at),
      ...own.defaults?.(scope, body),
    }),
    settle: (scope, row, done) => {
      const settled = own.settle?.(scope, row, done) ?? row;
      if (!settled['lead_id']) refuseField('lead_id', REQUIRED);
      return withCreator(settled);
    },
    list: { usual: '-date_created', ...own.list, filters: { ...activityFilters, ...own.list?.filters }, order: activityOrder },
  };
}

/** Imports say `created_by_id`; the record shows `created_by`. */
function withCreator(row: Row): Row {
  const creator = row['created_by_id'];
  return creator === undefined ? row : { ...without(row, ['created_by_id']), id: row.id, created_by: creator };
}
