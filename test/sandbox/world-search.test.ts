import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/contract/guards.ts';
import { fieldsOf, listAt, open } from './world-client.ts';
import { knownIn } from './world-story.ts';

const client = open();
const known = knownIn(client);
const cf = known['field'] ?? '';

describe('the language of the search box', () => {
  const names = (query: string): readonly unknown[] => client.all('lead.list', { query }).map((one) => one['name']);

  it.each([
    ['name:"Northpine Logistics"', ['Northpine Logistics']],
    ['name:northpine', ['Northpine Logistics']],
    ['name:"Kestrel Outdoor"', ['Kestrel Outdoor Rentals', 'Kestrel Outdoor']],
    ['name:"estrel"', []],
    ['name:"Marlow & Finch"', ['Marlow & Finch']],
    ['name:"say \\"hi\\""', []],
    ['company:"Halden"', ['Halden Instruments']],
    ['status:"Bad Fit"', ['Marlow & Finch']],
    ['status:Qualified', ['Vireo Robotics', 'Bluewater Ceramics']],
    ['email_address:"INGRID@northpine.example"', ['Northpine Logistics']],
    ['email:northpine.example', ['Northpine Logistics']],
    ['phone:"+1 415 555 0132"', ['Northpine Logistics']],
    ['phone_number:4155550133', ['Northpine Logistics']],
    ['contact_name:"Clara"', ['Kestrel Outdoor']],
    ['url:kestrel.example', ['Kestrel Outdoor']],
    [`custom.${cf}:"Customs"`, ['Vireo Robotics', 'Copperleaf Bakery']],
    ['custom.Services:Freight', ['Bluewater Ceramics', 'Northpine Logistics']],
    ['"antique dealers"', ['Marlow & Finch']],
    ['tomas', ['Bluewater Ceramics']],
    ['kestrel rentals', ['Kestrel Outdoor Rentals']],
    ['kestrel -rentals', ['Kestrel Outdoor']],
    ['kestrel and not rentals', ['Kestrel Outdoor']],
    ['name:halden or name:vireo', ['Vireo Robotics', 'Halden Instruments']],
    ['status:Potential (name:copperleaf or name:vireo)', ['Copperleaf Bakery']],
    ['status:Potential sort:name', ['Copperleaf Bakery', 'Kestrel Outdoor', 'Kestrel Outdoor Rentals', 'Northpine Logistics']],
    ['name:kestrel sort:-name', ['Kestrel Outdoor Rentals', 'Kestrel Outdoor']],
    ['created > "2026-10-12"', ['Kestrel Outdoor Rentals', 'Kestrel Outdoor', 'Marlow & Finch']],
    ['name:"nobody at all"', []],
  ])('%s', (query, found) => {
    expect(names(query)).toEqual(found);
  });

  it('finds everything when nothing is asked', () => {
    expect(names('')).toHaveLength(8);
    expect(names('*')).toHaveLength(8);
  });
});

const lead = { type: 'object_type', object_type: 'lead' };
const on = (field_name: string, condition: JsonObject, object_type = 'lead'): JsonObject => ({
  type: 'field_condition',
  field: { type: 'regular_field', object_type, field_name },
  condition,
});
const and = (...queries: readonly JsonObject[]): JsonObject => ({ type: 'and', queries: [lead, ...queries] });
const text = (value: string, mode: string): JsonObject => ({ type: 'text', mode, value });

describe('POST /data/search/', () => {
  const names = (query: JsonObject): readonly unknown[] =>
    listAt(client.ask('search.query', { query, fields: { lead: ['name'], contact: ['name'] } }), 'data').map((one) => one['name']);

  it.each<readonly [string, JsonObject, readonly string[]]>([
    ['words of a name', and(on('name', text('outdoor kestrel', 'full_words'))), ['Kestrel Outdoor Rentals', 'Kestrel Outdoor']],
    ['a phrase', and(on('name', text('outdoor kestrel', 'phrase'))), []],
    ['the exact value', and(on('name', text('kestrel outdoor', 'exact_value'))), ['Kestrel Outdoor']],
    ['the beginning of words', and(on('name', text('kest', 'beginning_of_words'))), ['Kestrel Outdoor Rentals', 'Kestrel Outdoor']],
    ['an id', and({ type: 'id', value: known['lead'] }), ['Northpine Logistics']],
    [
      'a status',
      and(on('status_id', { type: 'reference', reference_type: 'status.lead', object_ids: [known['status']] })),
      ['Kestrel Outdoor Rentals', 'Kestrel Outdoor', 'Copperleaf Bakery', 'Northpine Logistics'],
    ],
    ['a term', and(on('status_label', { type: 'term', values: ['customer', 'bad fit'] })), ['Marlow & Finch', 'Halden Instruments']],
    ['free text', and({ type: 'text', mode: 'full_words', value: 'robots warehouse' }), ['Vireo Robotics']],
    [
      'a custom field',
      and({
        type: 'field_condition',
        field: { type: 'custom_field', custom_field_id: cf },
        condition: { type: 'term', values: ['Freight'] },
      }),
      ['Bluewater Ceramics', 'Northpine Logistics'],
    ],
    [
      'a missing custom field',
      and({ type: 'field_condition', negate: true, field: { type: 'custom_field', custom_field_id: cf }, condition: { type: 'exists' } }),
      ['Kestrel Outdoor Rentals', 'Kestrel Outdoor', 'Marlow & Finch', 'Halden Instruments'],
    ],
    [
      'a date',
      and(on('date_created', { type: 'moment_range', on_or_after: { type: 'fixed_local_date', value: '2026-10-12', which: 'start' } })),
      ['Kestrel Outdoor Rentals', 'Kestrel Outdoor', 'Marlow & Finch'],
    ],
    [
      'some time ago',
      and(on('date_created', { type: 'moment_range', before: { type: 'offset', direction: 'past', offset: { days: 35 } } })),
      ['Bluewater Ceramics', 'Northpine Logistics'],
    ],
    [
      'either',
      {
        type: 'and',
        queries: [lead, { type: 'or', queries: [on('name', text('halden', 'full_words')), on('name', text('vireo', 'full_words'))] }],
      },
      ['Vireo Robotics', 'Halden Instruments'],
    ],
    [
      'a negation',
      and(
        { ...on('name', text('kestrel', 'full_words')), negate: true },
        on('status_id', { type: 'reference', object_ids: [known['status']] }),
      ),
      ['Copperleaf Bakery', 'Northpine Logistics'],
    ],
    [
      'not',
      and({ type: 'not', query: { type: 'has_related', this_object_type: 'lead', related_object_type: 'contact' } }),
      ['Kestrel Outdoor Rentals'],
    ],
    [
      'a related opportunity by number',
      and({
        type: 'has_related',
        this_object_type: 'lead',
        related_object_type: 'opportunity',
        related_query: on('value', { type: 'number_range', gte: 1_200_000 }, 'opportunity'),
      }),
      ['Vireo Robotics', 'Halden Instruments'],
    ],
    [
      'an address of a contact',
      and({
        type: 'has_related',
        this_object_type: 'lead',
        related_object_type: 'contact',
        related_query: {
          type: 'has_related',
          this_object_type: 'contact',
          related_object_type: 'contact_email',
          related_query: on('email', text('leon@vireo.example', 'phrase'), 'contact_email'),
        },
      }),
      ['Vireo Robotics'],
    ],
    [
      'contacts',
      { type: 'and', queries: [{ type: 'object_type', object_type: 'contact' }, on('title', text('owner', 'full_words'), 'contact')] },
      ['Tomás Figueira'],
    ],
  ])('finds by %s', (_, query, found) => {
    expect(names(query)).toEqual(found);
  });

  it('gives ids only, unless fields are asked for, and counts on request', () => {
    const found = client.ask('search.query', { query: and(on('name', text('northpine', 'full_words'))), include_counts: true });
    expect(listAt(found, 'data')).toEqual([{ __object_type: 'lead', id: known['lead'] }]);
    expect(found).toMatchObject({ cursor: null, has_more: false, count: { limited: 1, total: 1 } });
  });

  it('sorts and walks by cursor', () => {
    const sort = [{ direction: 'desc', field: { type: 'regular_field', object_type: 'lead', field_name: 'name' } }];
    const seen: unknown[] = [];
    let cursor: unknown;
    do {
      const page = client.ask('search.query', { query: and(), sort, limit: 3, fields: { lead: ['name'] }, ...(cursor ? { cursor } : {}) });
      seen.push(...listAt(page, 'data').map((one) => one['name']));
      cursor = page['cursor'];
    } while (cursor);
    expect(seen).toHaveLength(8);
    expect(seen).toEqual([...seen].sort().reverse());
  });

  it('lets a cursor die after 30 seconds', () => {
    const own = open({ clock: { perCallMs: 0 } });
    const { cursor } = own.ask('search.query', { query: and(), limit: 3 });
    own.world.advance(30_000);
    expect(listAt(own.ask('search.query', { query: and(), limit: 3, cursor }), 'data')).toHaveLength(3);
    own.world.advance(1);
    const error = own.refusal('search.query', { query: and(), limit: 3, cursor });
    expect(fieldsOf(error)).toEqual(['cursor']);
    expect(error.details.fields?.[0]?.problem).toBe('Expired cursor');
    expect(fieldsOf(own.refusal('search.query', { query: and(), cursor: 'garbage' }))).toEqual(['cursor']);
  });

  it('ends a walk at the limit of results', () => {
    const page = client.ask('search.query', { query: and(), results_limit: 2, include_counts: true });
    expect(listAt(page, 'data')).toHaveLength(2);
    expect(page).toMatchObject({ cursor: null });
  });
});
