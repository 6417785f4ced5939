import { type CommandSpec, option } from './command-spec.ts';

/** `verify`, as data. */
export const verifyCommand: CommandSpec = {
  usage: 'verify',
  summary: 'Hold backends against each other: every operation on every backend, compared field by field',
  examples: [
    'skillrouter verify --sandbox',
    'skillrouter verify --sandbox --operations "lead.*,contact.*" --backends rest,scalekit --json',
    'skillrouter verify --live --max-requests 200',
    'skillrouter verify --live --record recordings/close',
    'skillrouter verify --replay recordings/close',
    'skillrouter verify --sandbox --against recordings/close',
    'skillrouter verify --live --writes --operations "note.*" --plan',
  ],
  options: [
    option('--live', 'with your own connections; reads only'),
    option('--writes', 'also write, in leads of its own that it takes away again; in the sandbox that is the default'),
    option('--yes', 'ask nothing before writing'),
    option('--operations <patterns>', 'only these, between commas: lead.get, lead.*, *.list'),
    option('--backends <names>', 'only these, between commas; default all that are configured'),
    option('--max-requests <count>', 'end with a report after so many'),
    option('--record <folder>', 'keep what was asked and answered, without secrets and personal data'),
    option('--replay <folder>', 'work on such a recording; nothing is sent'),
    option('--against <folder>', 'with --sandbox: where the sandbox is not like what was recorded'),
    option('--junit <file>', 'also write the report as JUnit XML'),
    option('--all', 'also list what is equal'),
    option('--plan', 'print what would be done, and end'),
  ],
  load: async () => (await import('./commands/verify.ts')).verify,
};
