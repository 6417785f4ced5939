import { describe, expectTypeOf, test } from 'vitest';
import type { CloseOperation, CloseOperations } from '../src/catalog/close/types.ts';

type Input<Name extends CloseOperation> = CloseOperations[Name]['input'];
type Output<Name extends CloseOperation> = CloseOperations[Name]['output'];

describe('the types of an operation', () => {
  test('say what goes in', () => {
    expectTypeOf<Input<'close.lead.create'>['name']>().toEqualTypeOf<string>();
    expectTypeOf<Input<'close.lead.get'>>().toEqualTypeOf<{ lead_id: string; fields?: string[] | undefined }>();
    expectTypeOf<Input<'close.opportunity_status.create'>['type']>().toEqualTypeOf<'active' | 'won' | 'lost'>();
    expectTypeOf<NonNullable<Input<'close.pipeline.update'>['statuses']>>().toEqualTypeOf<{ id: string }[]>();
  });

  test('say what comes out', () => {
    expectTypeOf<Output<'close.lead.create'>['id']>().toEqualTypeOf<string>();
    expectTypeOf<Output<'close.lead.delete'>>().toEqualTypeOf<{ deleted: true }>();
    expectTypeOf<Output<'close.pipeline.list'>['data'][number]['id']>().toEqualTypeOf<string>();
    expectTypeOf<Output<'close.pipeline.list'>['has_more']>().toEqualTypeOf<boolean>();
  });

  test('cover intents as well as operations', () => {
    expectTypeOf<Output<'close.sequence.enrol'>['already']>().toEqualTypeOf<boolean>();
    expectTypeOf<'close.call.log'>().toExtend<CloseOperation>();
    expectTypeOf<'close.custom_field_opportunity.update'>().toExtend<CloseOperation>();
    expectTypeOf<'close.bulk_sequence_subscription.get'>().toExtend<CloseOperation>();
  });

  test('refuse a name that is no operation', () => {
    expectTypeOf<'close.lead.invent'>().not.toExtend<CloseOperation>();
    expectTypeOf<'lead.create'>().not.toExtend<CloseOperation>();
    expectTypeOf<string>().not.toExtend<CloseOperation>();
  });

  test('refuse a wrong field, a wrong type and a wrong enum', () => {
    const right: Input<'close.webhook.update'> = { webhook_id: 'whsub_1', status: 'paused' };
    // @ts-expect-error no such status
    const status: Input<'close.webhook.update'> = { webhook_id: 'whsub_1', status: 'stopped' };
    // @ts-expect-error no such field
    const field: Input<'close.pipeline.create'> = { name: 'Sales', colour: 'red' };
    // @ts-expect-error a name is text
    const type: Input<'close.pipeline.create'> = { name: 5 };
    // @ts-expect-error the name is missing
    const missing: Input<'close.pipeline.create'> = {};
    expectTypeOf([right, status, field, type, missing]).toBeArray();
  });
});
