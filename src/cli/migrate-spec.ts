import { type CommandSpec, option } from './command-spec.ts';

const pair = [option('--from <backend>', 'where users are now'), option('--to <backend>', 'where they go')];
const revision = option('--revision <number>', 'only if nobody has decided anything since this revision of "migrate status"');

/** `migrate`, `exposure` and `panic`, as data. */
export const migrateCommands: readonly CommandSpec[] = [
  {
    usage: 'migrate',
    summary: 'Move users from one backend to another while calls are running',
    examples: [
      'skillrouter migrate plan --from composio --to scalekit',
      'skillrouter migrate shadow --from composio --to scalekit --sample 10% --for 10m',
      'skillrouter migrate cutover --percent 10',
      'skillrouter migrate rollback',
    ],
    load: async () => (await import('./commands/migrate.ts')).status,
    commands: [
      {
        usage: 'plan',
        summary: 'Who must consent again, and how each operation in use will travel; exit code 4 when it is blocked',
        examples: [
          'skillrouter migrate plan --from composio --to scalekit',
          'skillrouter migrate plan --from composio --to scalekit --links --json > plan.json',
          'skillrouter migrate plan --from membrane --to rest --users ada,bob --since 90d',
        ],
        options: [
          ...pair,
          option('--links', 'make a link for everybody who has to consent; none is opened'),
          option('--users <names>', 'only these, between commas'),
          option('--since <time>', 'how far back the journal is read; default 30d'),
        ],
        load: async () => (await import('./commands/migrate.ts')).plan,
      },
      {
        usage: 'shadow',
        summary: 'Do a share of the reads again on the target and compare; plan writes there, send none',
        examples: ['skillrouter migrate shadow --from composio --to scalekit --sample 10% --for 10m', 'skillrouter migrate status'],
        options: [
          ...pair,
          option('--sample <share>', 'of all calls; default 10%'),
          option('--for <time>', 'how long; default until the migration ends'),
          revision,
        ],
        load: async () => (await import('./commands/migrate.ts')).shadow,
      },
      {
        usage: 'cutover',
        summary: 'Move a share of the users, or some of them; goes back by itself when it does harm',
        examples: [
          'skillrouter migrate cutover --percent 10',
          'skillrouter migrate cutover --percent 0 --users ada,bob',
          'skillrouter migrate cutover --percent 100 --max-errors 2% --max-differences 0.5%',
        ],
        options: [
          option('--percent <share>', 'of the users; the same ones each time, and more as it grows'),
          option('--users <names>', 'these in any case, between commas'),
          ...pair,
          option(
            '--max-errors <share>',
            'go back when requests through the target fail more often than through the source by this much; default 5%',
          ),
          option('--max-differences <share>', 'go back when more of the compared reads differ; default 2%'),
          option('--sample <share>', 'of the calls to go on comparing; default as before, or 5%'),
          revision,
        ],
        load: async () => (await import('./commands/migrate.ts')).cutover,
      },
      {
        usage: 'rollback',
        summary: 'Everybody back to the source, at once; calls under way end where they are',
        examples: ['skillrouter migrate rollback'],
        load: async () => (await import('./commands/migrate.ts')).rollback,
      },
      {
        usage: 'finish',
        summary: 'End the migration, once everybody has moved and policy.prefer says the same',
        examples: ['skillrouter migrate finish'],
        options: [revision],
        load: async () => (await import('./commands/migrate.ts')).finish,
      },
      {
        usage: 'status',
        summary: 'How far it is, what differed, how much longer the target takes, and what the guard sees',
        examples: ['skillrouter migrate status', 'skillrouter migrate status --json'],
        load: async () => (await import('./commands/migrate.ts')).status,
      },
    ],
  },
  {
    usage: 'exposure',
    summary: 'What each backend could reach today: users, accounts, operations, and when it was last used',
    examples: ['skillrouter exposure', 'skillrouter exposure --json'],
    load: async () => (await import('./commands/exposure.ts')).exposure,
  },
  {
    usage: 'panic <backend>',
    summary: 'Stop all traffic through a backend at once, everywhere; revoke what it holds, if you say so',
    examples: ['skillrouter panic composio', 'skillrouter panic composio --revoke', 'skillrouter panic composio --lift'],
    options: [
      option('--revoke', 'then have the backend give up the credentials that it holds; cannot be undone'),
      option('--yes', 'ask nothing before revoking'),
      option('--lift', 'let traffic through again'),
    ],
    load: async () => (await import('./commands/panic.ts')).panic,
  },
];
