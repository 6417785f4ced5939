import { type CommandSpec, option } from './command-spec.ts';

/** `bulk`, its inner commands, and `worker`, as data. */
export const bulkCommands: readonly CommandSpec[] = [
  {
    usage: 'bulk [operation]',
    summary: 'Run one operation for every row of a CSV or JSON Lines file; go on where a run stopped',
    examples: [
      'skillrouter bulk lead.create --input leads.csv --dry-run',
      'skillrouter bulk lead.create --input leads.csv --output results.jsonl',
      'cat leads.jsonl | skillrouter bulk lead.create --input - --on-error skip',
      'skillrouter bulk --resume bulk_1',
    ],
    options: [
      option('--input <file>', 'CSV whose first line names fields (contacts.0.emails.0.email, custom.cf_x), JSON Lines, or - for stdin'),
      option('--format <format>', 'default: by the name').choices(['csv', 'jsonl']),
      option('--output <file>', 'a result per row, as it comes: line, ok, id or error code'),
      option('--on-error <what>', 'what to do about rows that are wrong or refused').choices(['stop', 'skip']).default('stop'),
      option('--check-duplicates <where>', 'look for the same within the file, or in the app too')
        .choices(['off', 'file', 'app'])
        .default('file'),
      option('--concurrency <count>', 'rows at a time; default 4'),
      option('--timeout <seconds>', 'for each row; default 120'),
      option('--dry-run', 'check every row; send nothing'),
      option('--again', 'run a file that was run before'),
      option('--undoable', 'keep what updates change, so that it can be undone'),
      option('--yes', 'consent to what the policy asks about'),
      option('--resume <run>', 'go on with a run that was stopped or killed; no row is repeated'),
    ],
    load: async () => (await import('./commands/bulk.ts')).bulk,
    commands: [
      {
        usage: 'list',
        summary: 'Bulk runs, newest first, and how far they are',
        examples: ['skillrouter bulk list', 'skillrouter bulk list --json'],
        load: async () => (await import('./commands/bulk-runs.ts')).bulkList,
      },
      {
        usage: 'show <run>',
        summary: 'How far one run is',
        examples: ['skillrouter bulk show bulk_1 --json'],
        load: async () => (await import('./commands/bulk-runs.ts')).bulkShow,
      },
    ],
  },
  {
    usage: 'worker',
    summary: 'Work on the rows of all bulk runs on a PostgreSQL store, until stopped',
    examples: ['skillrouter worker', 'skillrouter worker --concurrency 16', 'skillrouter worker --until-idle'],
    options: [option('--concurrency <count>', 'rows at a time of each run; default 4'), option('--until-idle', 'end when no run is left')],
    load: async () => (await import('./commands/worker.ts')).worker,
  },
];
