import { describe, expect, it } from 'vitest';
import { isRouterError } from '../../src/contract/errors.ts';
import { isObject, type JsonObject } from '../../src/contract/guards.ts';
import { entryOf, intents, problemsOf } from './lead-side.ts';

interface Step {
  readonly operation: string;
  readonly input: JsonObject;
}

type Answer = (input: JsonObject) => unknown;

/** Plays an intent against answers by operation; notes every step, and that each is a valid call. */
async function play(
  id: string,
  input: JsonObject,
  answers: Readonly<Record<string, Answer>> = {},
): Promise<{ result: unknown; steps: readonly Step[] }> {
  const intent = intents.find((one) => one.id === id);
  if (!intent) throw new Error(`no intent ${id}`);
  const steps: Step[] = [];
  const run = async (operation: string, stepInput: JsonObject): Promise<unknown> => {
    steps.push({ operation, input: stepInput });
    if (operation !== 'pipeline.list') expect(problemsOf(operation, stepInput)).toEqual([]);
    return answers[operation]?.(stepInput) ?? { id: 'acti_1' };
  };
  const result = await intent.run(intent.input.parse(input) as JsonObject, run);
  return { result, steps };
}

async function refusal(playing: Promise<unknown>): Promise<unknown> {
  return playing.then(
    () => 'not refused',
    (error: unknown) => (isRouterError(error) ? error.toJSON() : error),
  );
}

describe('the short forms', () => {
  const lead_id = 'lead_1';
  const phones = { local_phone: '+14155550100', remote_phone: '+14155550132' };
  const FORMS: readonly (readonly [string, JsonObject, string, JsonObject])[] = [
    ['call.log', { lead_id, note: 'Hi' }, 'call.create', { lead_id, note: 'Hi' }],
    ['call.log', { lead_id, status: 'no-answer' }, 'call.create', { lead_id, status: 'no-answer' }],
    ['sms.send', { lead_id, ...phones, text: 'Hi' }, 'sms.create', { lead_id, ...phones, text: 'Hi', status: 'outbox' }],
    [
      'sms.log',
      { lead_id, direction: 'inbound', text: 'Hi' },
      'sms.create',
      { lead_id, direction: 'inbound', text: 'Hi', status: 'inbox' },
    ],
    [
      'sms.log',
      { lead_id, direction: 'outbound', text: 'Hi' },
      'sms.create',
      { lead_id, direction: 'outbound', text: 'Hi', status: 'sent' },
    ],
    ['email.log', { lead_id, direction: 'outgoing' }, 'email.create', { lead_id, status: 'sent' }],
    [
      'email.log',
      { lead_id, direction: 'incoming', sender: 'a@b.example' },
      'email.create',
      { lead_id, sender: 'a@b.example', status: 'inbox' },
    ],
    ['email.draft', { lead_id, subject: 'Hi' }, 'email.create', { lead_id, subject: 'Hi', status: 'draft' }],
    ['task.complete', { task_id: 'task_1' }, 'task.update', { task_id: 'task_1', is_complete: true }],
  ];

  it.each(FORMS)('%s %j is %s %j', async (id, input, operation, sent) => {
    const { steps } = await play(id, input);
    expect(steps).toEqual([{ operation, input: sent }]);
  });

  it('email.send sends now', async () => {
    const { steps } = await play('email.send', entryOf('email.send').example);
    expect(steps.map(({ operation, input }) => [operation, input['status']])).toEqual([['email.create', 'outbox']]);
  });
});

describe('lead.find', () => {
  const leads = [
    { id: 'lead_1', name: 'Acme Corporation', contacts: [] },
    {
      id: 'lead_2',
      name: ' ACME ',
      url: 'https://acme.example/',
      contacts: [{ emails: [{ email: 'Ada@Acme.example' }], phones: [{ phone: '+14155550132' }] }],
    },
    { id: 'lead_3', name: 'Acme', contacts: [{ emails: [{ email: 'bob@acme.example' }] }] },
  ];
  /** Answers like the fuzzy search: everything, `size` at a time. */
  const fuzzy = (size: number): Readonly<Record<string, Answer>> => ({
    'lead.list': ({ skip }) => ({ data: leads.slice(Number(skip), Number(skip) + size), has_more: Number(skip) + size < leads.length }),
  });
  const FOUND: readonly (readonly [JsonObject, readonly string[]])[] = [
    [{ name: 'acme' }, ['lead_2', 'lead_3']],
    [{ name: ' Acme Corporation ' }, ['lead_1']],
    [{ name: 'Acm' }, []],
    [{ email: 'ada@acme.example' }, ['lead_2']],
    [{ email: 'acme.example@x.example' }, []],
    [{ name: 'Acme', email: 'bob@acme.example' }, ['lead_3']],
    [{ phone: '+1 (415) 555-0132' }, ['lead_2']],
    [{ url: 'acme.example' }, ['lead_2']],
  ];

  it.each(FOUND)('by %j finds %j and nothing similar', async (input, ids) => {
    const { result } = await play('lead.find', input, fuzzy(10));
    expect(result).toMatchObject({ exact: true });
    expect(isObject(result) && Array.isArray(result['data']) && result['data'].map(({ id }) => id)).toEqual(ids);
  });

  it('looks at every page, because the exact one can stand last', async () => {
    const { result, steps } = await play('lead.find', { email: 'bob@acme.example' }, fuzzy(1));
    expect(result).toMatchObject({ data: [{ id: 'lead_3' }] });
    expect(steps.map(({ input }) => input['skip'])).toEqual([0, 1, 2]);
  });

  it('keeps quotes and backslashes of a name inside the phrase', async () => {
    const { steps } = await play('lead.find', { name: 'The "Best" \\ Co" sort:name' }, fuzzy(10));
    expect(steps[0]?.input['query']).toBe('name:"The \\"Best\\" \\\\ Co\\" sort:name"');
  });

  it('ends when the far side says "more" and shows nothing', async () => {
    const { result } = await play('lead.find', { name: 'Acme' }, { 'lead.list': () => ({ data: [], has_more: true }) });
    expect(result).toEqual({ data: [], exact: true });
  });

  it('does not take an unreadable answer for "no such lead"', async () => {
    const answer = await refusal(play('lead.find', { name: 'Acme' }, { 'lead.list': () => ({ items: [] }) }));
    expect(answer).toMatchObject({ code: 'reply_unexpected' });
  });
});

describe('contact.add_details', () => {
  const contact_id = 'cont_1';
  const before = {
    id: contact_id,
    emails: [{ email: 'Ada@Acme.example', type: 'office', is_unsubscribed: false }],
    phones: [{ phone: '+14155550132', type: null, phone_formatted: '+1 415-555-0132', country: 'US' }],
  };
  const answers = { 'contact.get': () => before, 'contact.update': (input: JsonObject) => ({ ...before, ...input }) };

  it('writes the whole list: what was there, and what is new', async () => {
    const { steps } = await play('contact.add_details', { contact_id, emails: [{ email: 'ada@home.example', type: 'home' }] }, answers);
    expect(steps).toEqual([
      { operation: 'contact.get', input: { contact_id } },
      {
        operation: 'contact.update',
        input: {
          contact_id,
          emails: [
            { email: 'Ada@Acme.example', type: 'office' },
            { email: 'ada@home.example', type: 'home' },
          ],
        },
      },
    ]);
  });

  it('writes nothing when everything is there already, in whatever case and spacing', async () => {
    const given = { contact_id, emails: [{ email: 'ada@ACME.example' }], phones: [{ phone: '+1 415 555 0132' }] };
    const { result, steps } = await play('contact.add_details', given, answers);
    expect(steps.map(({ operation }) => operation)).toEqual(['contact.get']);
    expect(result).toEqual(before);
  });

  it('adds what was given twice only once, and leaves the other lists alone', async () => {
    const twice = { contact_id, phones: [{ phone: '+14155550199' }, { phone: '+1 415 555 0199' }] };
    const { steps } = await play('contact.add_details', twice, answers);
    expect(steps[1]?.input).toEqual({ contact_id, phones: [{ phone: '+14155550132' }, { phone: '+14155550199' }] });
  });
});

describe.each([
  ['opportunity.win', 'won'],
  ['opportunity.lose', 'lost'],
] as const)('%s', (id, type) => {
  const opportunity_id = 'oppo_1';
  const status = (name: string, of: string = type): JsonObject => ({ id: `stat_${name}`, label: name, type: of });
  const world = (own: readonly JsonObject[], status_id = 'stat_open'): Readonly<Record<string, Answer>> => ({
    'opportunity.get': () => ({ id: opportunity_id, pipeline_id: 'pipe_1', status_id }),
    'pipeline.list': () => ({
      data: [
        { id: 'pipe_2', statuses: [status('foreign')] },
        { id: 'pipe_1', statuses: [status('open', 'active'), status('other', type === 'won' ? 'lost' : 'won'), ...own] },
      ],
    }),
    'opportunity.update': (input) => input,
  });

  it('takes the only status of that type in its own pipeline', async () => {
    const { steps } = await play(id, { opportunity_id, custom: { cf_a: 'price' } }, world([status('done')]));
    expect(steps.at(-1)).toEqual({
      operation: 'opportunity.update',
      input: { opportunity_id, custom: { cf_a: 'price' }, status_id: 'stat_done' },
    });
  });

  it('asks when there are several, naming them, and changes nothing', async () => {
    const answer = await refusal(play(id, { opportunity_id }, world([status('A'), status('B')])));
    expect(answer).toMatchObject({
      code: 'invalid_input',
      details: { choices: ['stat_A (A)', 'stat_B (B)'], fields: [{ path: 'status_id' }] },
      message: expect.stringContaining('nothing was changed'),
    });
  });

  it('takes the one that was chosen among several', async () => {
    const { steps } = await play(id, { opportunity_id, status_id: 'stat_B' }, world([status('A'), status('B')]));
    expect(steps.at(-1)?.input).toEqual({ opportunity_id, status_id: 'stat_B' });
  });

  it('keeps the status of an opportunity that is closed so already', async () => {
    const { steps } = await play(id, { opportunity_id }, world([status('A'), status('B')], 'stat_A'));
    expect(steps.at(-1)?.input).toEqual({ opportunity_id, status_id: 'stat_A' });
  });

  it.each(['stat_open', 'stat_other', 'stat_foreign'])('refuses %s, which is not of that type in its pipeline', async (status_id) => {
    const answer = await refusal(play(id, { opportunity_id, status_id }, world([status('done')])));
    expect(answer).toMatchObject({ code: 'invalid_input', details: { choices: ['stat_done (done)'] } });
  });

  it('says so when the pipeline has none', async () => {
    expect(await refusal(play(id, { opportunity_id }, world([])))).toMatchObject({ code: 'conflict' });
  });
});
