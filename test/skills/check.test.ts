import { describe, expect, it } from 'vitest';
import { ACTIONS, HEAD, LABELS, REFERENCE, TEMPLATE, WORKFLOWS } from './pages.ts';
import { check } from './stage.ts';

const step = (slug: string, ...names: readonly string[]) =>
  `${HEAD}\n### 1. Work\n\n**Tool sequence**:\n1. \`${slug}\` - Do it\n\n**Key parameters**:\n${names.map((name) => `- \`${name}\`: it`).join('\n')}\n`;

const call = (tool: string, input: object) =>
  `${HEAD}\n\`\`\`json\n{"tool_slug": "${tool}", "arguments": ${JSON.stringify(input)}}\n\`\`\`\n`;

const command = (line: string) => `${HEAD}\n\`\`\`sh\n${line}\n\`\`\`\n`;

async function told(text: string): Promise<readonly string[]> {
  return (await check(text)).diagnostics.map(({ line, code, what, fix }) => `${line} ${code}: ${what}. ${fix}`);
}

async function operations(text: string): Promise<readonly string[]> {
  return (await check(text)).operations.map(({ id }) => id);
}

describe('the operations of a skill', () => {
  it.each([
    ['workflows', WORKFLOWS, ['opportunity.list', 'call.create', 'sms.create', 'call.delete']],
    ['labels', LABELS, ['lead.create', 'me.get']],
    ['a template', TEMPLATE, []],
    ['actions', ACTIONS, ['lead.create', 'lead.list', 'lead.update']],
    ['references', REFERENCE, ['task.create', 'call.delete', 'note.create', 'me.get', 'lead.list', 'call.get']],
  ])('of %s', async (_, text, expected) => {
    const found = await check(text);
    expect(found.about).toBe(true);
    expect(found.operations.map(({ id }) => id)).toEqual(expected);
    expect(found.diagnostics.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('are told with the backends that run them, and what keeps one from its tool', async () => {
    const [operation] = (await check(step('CLOSE_CREATE_LEAD', 'name', 'custom'))).operations;
    expect(operation).toMatchObject({
      id: 'lead.create',
      effect: 'write',
      names: [{ name: 'CLOSE_CREATE_LEAD', line: 9, place: 'step' }],
      fields: ['custom', 'name'],
      backends: {
        composio: { how: 'proxy', fields: ['custom'], why: 'CLOSE_CREATE_LEAD cannot carry custom' },
        membrane: { how: 'proxy', fields: ['custom'] },
        rest: { how: 'direct' },
        scalekit: { how: 'proxy', fields: ['custom'] },
      },
    });
    const [plain] = (await check(step('CLOSE_CREATE_LEAD', 'name'), ['composio', 'rest'])).operations;
    expect(plain?.backends).toEqual({ composio: { how: 'tool', tool: 'CLOSE_CREATE_LEAD' }, rest: { how: 'direct' } });
  });

  it('follow from the arguments where one tool means several', async () => {
    expect(await operations(call('CLOSE_LIST_ACTIVITIES', { activity_type: 'email' }))).toEqual(['email.list']);
    expect(await operations(call('CLOSE_GET_NOTE', { note_id: 'acti_1' }))).toEqual(['note.get']);
    expect(await operations(call('CLOSE_GET_NOTE', { lead_id: 'lead_1' }))).toEqual(['note.list']);
  });

  it('are known by the other spellings of an action, and by their own names', async () => {
    expect(
      await operations(
        command('membrane action run delete-call --connectionId close --input \'{"call_id":"a"}\'\nmembrane connection ensure close'),
      ),
    ).toEqual(['call.delete']);
    expect(await operations(command('skillrouter run close.sms.send --text Hi'))).toEqual(['sms.send']);
  });

  it('that are intents run as what they ask first', async () => {
    const found = await check(command('skillrouter run lead.find --name Acme\nskillrouter run task.complete --task_id task_1'));
    expect(found.operations.map(({ backends }) => [backends['membrane']?.how, backends['scalekit']?.how])).toEqual([
      ['proxy', 'tool'],
      ['proxy', 'tool'],
    ]);
  });

  it('that no looked-at backend can run are errors', async () => {
    const found = await check(command('skillrouter run lead.create --name Acme'), ['none']);
    expect(found.operations[0]?.backends).toEqual({ none: { how: 'none', why: 'this backend has no binding for it' } });
    expect(found.diagnostics).toMatchObject([{ code: 'not_runnable', level: 'error', line: 7 }]);
  });
});

describe('wrong names', () => {
  it('of tools get the nearest right ones and the operation that is meant', async () => {
    expect(await told(step('CLOSE_CREATE_CALLS'))).toEqual([
      expect.stringMatching(
        /^9 unknown_tool: no backend has CLOSE_CREATE_CALLS\. The nearest are? CLOSE_CREATE_CALL.* The operation call\.\w+ may be meant/,
      ),
    ]);
    expect(await told(`${call('close_lead_creates', { name: 'a' })}\nWith toolkit \`close\`.\n`)).toEqual([
      expect.stringMatching(/^7 unknown_tool: .* close_lead_create/),
    ]);
  });

  it('of what only looks like a tool, in the text of a skill about the app, are warnings', async () => {
    const text = `${step('CLOSE_DELETE_CALL', 'call_id')}\nThen use \`CLOSE_LIST_LEADZ\`, with CLOSE_API_KEY and CLOSE_BASE_URL set.\n`;
    expect(await told(text)).toEqual([expect.stringMatching(/^\d+ doubtful_tool: no backend has CLOSE_LIST_LEADZ/)]);
  });

  it('of arguments get the nearest right ones, at their line', async () => {
    expect(await told(step('CLOSE_DELETE_CALL', 'call_id', 'called_id'))).toEqual([
      '13 unknown_argument: CLOSE_DELETE_CALL has no argument called_id. Did you mean call_id?',
    ]);
    expect(await told(call('close_contact_create', { lead_id: 'lead_1', phone: '1' }))).toEqual([
      '7 unknown_argument: close_contact_create has no argument phone. Did you mean phones?',
    ]);
  });

  it('of arguments are no mistake where a vendor publishes what nothing carries', async () => {
    const given = { lead_id: 'l', status_id: 's', value: 1, value_currency: 'USD' };
    expect(await told(call('close_opportunity_create', given))).toEqual([]);
  });

  it('that are understood here are warnings: the vendor does not know them', async () => {
    expect(await told(step('CLOSE_CREATE_CALL', 'lead_id', 'direction', 'status'))).toEqual([
      expect.stringMatching(
        /^14 unpublished_argument: CLOSE_CREATE_CALL has no argument status\. Here it is understood as status of call\.create/,
      ),
    ]);
  });

  it('of a workflow with several tools are those that no tool has', async () => {
    const text = step('CLOSE_DELETE_CALL', 'call_id', 'lead_id', 'reason').replace('\n\n**Key', '\n2. `CLOSE_CREATE_TASK` - Then\n\n**Key');
    expect(await told(text)).toEqual([
      expect.stringMatching(/^15 unknown_argument: none of CLOSE_DELETE_CALL, CLOSE_CREATE_TASK has an argument reason/),
    ]);
  });

  it('of operations and fields get the nearest too', async () => {
    expect(await told(command('skillrouter run lead.creat --name Acme'))).toEqual([
      expect.stringMatching(/^7 unknown_operation: .* Did you mean lead\.create/),
    ]);
    expect(await told(command('skillrouter run lead.get --lead lead_1'))).toEqual([
      '7 unknown_argument: lead.get has no field lead. Did you mean lead_id?',
    ]);
  });

  it('of values that can never be right are told with the right ones', async () => {
    expect(await told(command('skillrouter run call.log --input \'{"lead_id":"lead_1","direction":"sideways"}\''))).toEqual([
      expect.stringMatching(/^7 unknown_argument: call\.log: direction has a value that does not exist\. Take one of /),
    ]);
  });

  it('of paths and methods get what there is', async () => {
    const request = (line: string) => `${HEAD}\n\`\`\`http\n${line}\n\`\`\`\n`;
    expect(await told(request('PATCH https://api.close.com/api/v1/lead/lead_1/'))).toEqual([
      expect.stringMatching(/^7 unknown_request: .* Use GET or PUT or DELETE|^7 unknown_request: .*Use /),
    ]);
    expect(await told(request('GET https://api.close.com/api/v1/leeds/'))).toEqual([
      expect.stringMatching(/^7 unknown_request: .*nearest/),
    ]);
    expect(await told(request('GET https://api.close.com/api/v1/../../admin'))).toEqual([expect.stringMatching(/^7 unknown_request: /)]);
    expect(await operations(request('GET https://api.close.com/api/v1/contact/{contact_id}/?_fields=id'))).toEqual(['contact.get']);
  });
});

describe('what a tool needs', () => {
  it('and the skill does not name is a warning', async () => {
    expect(await told(step('CLOSE_CREATE_TASK', 'lead_id', 'text'))).toEqual([
      expect.stringMatching(/^9 missing_argument: CLOSE_CREATE_TASK also needs date/),
    ]);
  });

  it('is not asked of a table, which lists what it likes', async () => {
    expect(await told(`${HEAD}\n| Task | Tool Slug | Key Params |\n|---|---|---|\n| Do | CLOSE_CREATE_TASK | text |\n`)).toEqual([]);
  });
});

describe('a skill for another app', () => {
  it.each([
    ['by its toolkit', `${HEAD}\nWith toolkit \`hubspot\`.\n\n**Tool**: \`HUBSPOT_CREATE_CONTACT\`\n`],
    [
      'by its connector, although the keys sound alike',
      ACTIONS.replaceAll('close.com', 'pipedrive.com').replace('/lead/lead_1/', '/deals/1'),
    ],
    ['by its host', `${HEAD}\n\`\`\`http\nGET https://api.example.com/api/v1/lead/\n\`\`\`\n`],
    ['by an address that only looks like ours', `${HEAD}\n\`\`\`http\nGET https://api.close.com.evil.example/api/v1/lead/\n\`\`\`\n`],
    [
      'by what the verb closes',
      `${HEAD}\n**Tool**: \`close_page\`\n\n**Parameters**:\n\n| Parameter | Type |\n|---|---|\n| \`page_id\` | string |\n`,
    ],
    ['by saying nothing', `${HEAD}\nClose the door. \`CLOSE_THE_DOOR_NOW\`, \`GEMINI_API_KEY\`.\n`],
  ])('is told %s, and is no error', async (_, text) => {
    const found = await check(text);
    expect(found).toMatchObject({ about: false, operations: [] });
    expect(found.diagnostics.filter(({ level }) => level === 'error')).toEqual([]);
  });

  it('keeps its names apart from ours', async () => {
    const found = await check(`${HEAD}\n**Tool**: \`HUBSPOT_CREATE_CONTACT\`\n\n## Then\n\n**Tool**: \`CLOSE_WHO_AM_I\`\n`);
    expect(found).toMatchObject({ about: true, operations: [{ id: 'me.get' }], others: ['HUBSPOT_CREATE_CONTACT'] });
  });
});
