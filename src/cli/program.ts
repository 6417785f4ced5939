import { Command } from 'commander';
import { packageVersion } from '../contract/package.ts';
import { bulkCommands } from './bulk-spec.ts';
import { type CommandSpec, collected, option } from './command-spec.ts';
import { connectionsCommand } from './connections-spec.ts';
import type { Context } from './context.ts';
import { driftCommand } from './drift-spec.ts';
import { mcpCommand } from './mcp-spec.ts';
import { membraneCommand } from './membrane/spec.ts';
import { migrateCommands } from './migrate-spec.ts';
import { switchOptions } from './sandbox-switches.ts';
import { skillCommand } from './skill-spec.ts';
import type { Terminal } from './terminal.ts';
import { verifyCommand } from './verify-spec.ts';

const callOptions = [
  option('--input <json>', 'the whole input: JSON, @file, or - for stdin; --field value adds to it'),
  option('--idempotency-key <key>', 'the same key never writes twice'),
  option('--timeout <seconds>', 'for the whole call; default 120'),
];

const COMMANDS: readonly CommandSpec[] = [
  {
    usage: 'init',
    summary: 'Write skillrouter.yaml; secrets stay in the environment',
    examples: ['skillrouter init', 'skillrouter init --yes --backend composio --backend rest --as ada'],
    options: [
      collected('--backend <name>', 'a backend to use; may be repeated'),
      option('--as <name>', 'the default user; default ada'),
      option('--auth-config <id>', "Composio's auth config for the app, for connect links"),
      option('--file <path>', 'where to write; default skillrouter.yaml'),
      option('--force', 'overwrite an existing file'),
      option('--yes', 'ask nothing'),
    ],
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    usage: 'doctor',
    summary: 'Check Node, configuration, environment, backends, connections and journal',
    examples: ['skillrouter doctor', 'skillrouter doctor --json'],
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    usage: 'ops [words...]',
    summary: 'List operations, or search them by words, best first',
    examples: ['skillrouter ops', 'skillrouter ops send a text message', 'skillrouter ops show lead.create'],
    options: [option('--all', 'everything that fits the words at all, not only the best')],
    load: async () => (await import('./commands/ops.ts')).ops,
    commands: [
      {
        usage: 'show <operation>',
        summary: 'Fields, example, pitfalls and bindings of one operation',
        examples: ['skillrouter ops show lead.create', 'skillrouter ops show close.sms.send --json'],
        load: async () => (await import('./commands/ops-show.ts')).opsShow,
      },
    ],
  },
  {
    usage: 'run <operation> [fields...]',
    summary: 'Run one operation through whichever connection is ACTIVE',
    examples: [
      'skillrouter run lead.create --name Acme',
      `skillrouter run lead.create --input '{"name":"Acme","custom":{"cf_x":"1"}}' --json`,
      'skillrouter run lead.list --limit 5 --sandbox',
      'echo \'{"lead_id":"lead_1"}\' | skillrouter run lead.get --input -',
      'skillrouter run call.delete --call_id acti_1 --via rest --dry-run',
    ],
    options: [
      ...callOptions,
      option('--dry-run', 'decide and print the request; send nothing'),
      option('--undoable', 'keep what an update changes, so that it can be undone; costs a read'),
      option('--yes', 'consent to what the policy asks about'),
    ],
    fields: true,
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    usage: 'undo <call>',
    summary: 'Take back what a call or a bulk run wrote, as long as nobody has changed it since',
    examples: ['skillrouter undo call_1 --dry-run', 'skillrouter undo call_1', 'skillrouter undo call_1 --yes --json'],
    options: [
      option('--dry-run', 'show what can be undone; change nothing'),
      option('--yes', 'ask nothing'),
      option('--timeout <seconds>', 'for each write; default 120'),
    ],
    load: async () => (await import('./commands/undo.ts')).undo,
  },
  ...bulkCommands,
  ...migrateCommands,
  verifyCommand,
  {
    usage: 'explain <operation> [fields...]',
    summary: 'Print the routes that run would take, and why; send nothing',
    examples: ['skillrouter explain lead.create --name Acme', `skillrouter explain lead.create --sandbox --input '{"name":"A"}' --json`],
    options: callOptions.slice(0, 1),
    fields: true,
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  connectionsCommand,
  {
    usage: 'coverage',
    summary: 'Every operation on every backend, and how it travels',
    examples: ['skillrouter coverage', 'skillrouter coverage --markdown > coverage.md'],
    options: [option('--markdown', 'as a Markdown table')],
    load: async () => (await import('./commands/coverage.ts')).coverage,
  },
  driftCommand,
  {
    usage: 'log',
    summary: 'The receipts of past calls, newest first',
    examples: [
      'skillrouter log --limit 20',
      'skillrouter log --operation lead.create --outcome outcome_unknown',
      'skillrouter log show call_1',
    ],
    options: [
      option('--limit <count>', 'how many; default 50'),
      option('--operation <operation>', 'only this operation'),
      option('--outcome <outcome>', 'ok, or an error code'),
      option('--since <instant>', 'only since then, ISO 8601'),
    ],
    load: async () => (await import('./commands/log.ts')).log,
    commands: [
      {
        usage: 'show <receipt>',
        summary: 'One receipt whole: candidates, verdicts, attempts',
        examples: ['skillrouter log show call_1 --json'],
        load: async () => (await import('./commands/log.ts')).logShow,
      },
    ],
  },
  {
    usage: 'sandbox',
    summary: 'Serve a Close in memory behind every backend, until stopped',
    examples: [
      'skillrouter sandbox',
      'skillrouter sandbox --port 0 --json',
      'skillrouter sandbox --seed empty --snapshot state.json',
      'skillrouter sandbox --search-lag 30000 --rate-limit-headers none',
    ],
    options: [
      option('--port <port>', 'default 4750; 0 takes a free one'),
      option('--seed <data>', 'what is in it at the start').choices(['demo', 'empty']).default('demo'),
      option('--snapshot <file>', 'write the state there when it stops'),
      ...switchOptions,
    ],
    load: async () => (await import('./commands/sandbox.ts')).sandbox,
  },
  {
    usage: 'serve',
    summary: "Speak every backend's wire protocol in front of the router, until stopped",
    examples: [
      'skillrouter serve',
      'skillrouter serve --sandbox --port 0 --json',
      'skillrouter serve --host 0.0.0.0 --url https://router.example',
    ],
    options: [
      option('--port <port>', 'default 4760; 0 takes a free one'),
      option('--host <address>', 'default 127.0.0.1; another one needs serve.keys in the configuration'),
      option('--url <origin>', 'how others reach the port, when a proxy stands before it'),
    ],
    load: async () => (await import('./commands/serve.ts')).serve,
  },
  skillCommand,
  mcpCommand,
  {
    usage: 'demo',
    summary: 'Six tasks over two backends in the sandbox; one connection expires half-way',
    examples: ['skillrouter demo', 'skillrouter demo --json'],
    load: async () => (await import('./commands/demo.ts')).demo,
  },
  membraneCommand,
  {
    usage: 'completion <shell>',
    summary: 'Print the completion script for bash, zsh or fish',
    examples: ['skillrouter completion bash >> ~/.bashrc', 'skillrouter completion fish > ~/.config/fish/completions/skillrouter.fish'],
    load: async () => (await import('./commands/completion.ts')).completion,
  },
  {
    usage: 'completion-server [words...]',
    summary: 'Answers the completion script',
    examples: [],
    fields: true,
    hidden: true,
    load: async () => {
      const { completionServer } = await import('./commands/completion.ts');
      return (context, args) => completionServer(context, args, buildProgram(context.terminal));
    },
  },
];

/** The whole command line. Parsing it loads no command, library or vendor SDK. */
export function buildProgram(terminal: Terminal): Command {
  const program = new Command('skillrouter')
    .description(
      'Runs one catalogue of operations over Composio, Membrane, Scalekit and plain REST, through whichever connection is ACTIVE.',
    )
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .option('--config <file>', 'configuration; default ./skillrouter.yaml')
    .option('--user <name>', "whose connections; default the configuration's default_user")
    .option('--app <app>', 'the app', 'close')
    .option(
      '--sandbox',
      'a Close in memory instead of real accounts; each command starts a new one ("skillrouter sandbox" serves one that stays)',
    )
    .option('--via <backend[:connection]>', 'that backend or connection, or nothing')
    .option('--json', 'one JSON object on stdout; demo: one per line')
    .addHelpText(
      'after',
      examplesText(['skillrouter demo', 'skillrouter ops add a company', 'skillrouter run lead.create --sandbox --name Acme']),
    );
  prepare(program, terminal);
  for (const spec of COMMANDS) add(program, spec, terminal);
  program.helpCommand(true).allowExcessArguments();
  program.action(async () => {
    if (program.args.length === 0) program.help({ error: true });
    throw await unknown(program);
  });
  return program;
}

function add(parent: Command, spec: CommandSpec, terminal: Terminal): void {
  const command = parent
    .command(spec.usage, { hidden: spec.hidden ?? false })
    .description(spec.summary)
    .helpOption('-h, --help', 'print help')
    .addHelpText('after', examplesText(spec.examples));
  prepare(command, terminal);
  for (const one of spec.options ?? []) command.addOption(one);
  if (spec.fields) command.allowUnknownOption();
  for (const inner of spec.commands ?? []) add(command, inner, terminal);
  const { load } = spec;
  const isGroup = spec.commands !== undefined && !spec.usage.includes(' ');
  if (isGroup) command.allowExcessArguments();
  command.action(async () => {
    if (isGroup && command.args.length > 0) throw await unknown(command);
    if (!load) return command.help({ error: true });
    const handler = await load();
    await handler(contextOf(command, terminal), command.args, command.optsWithGlobals());
  });
}

async function unknown(command: Command): Promise<Error> {
  const { unknownCommand } = await import('./unknown-command.ts');
  return unknownCommand(command, command.args);
}

/** Commander's own talk goes through ours, and it throws instead of ending the process. */
function prepare(command: Command, terminal: Terminal): void {
  command.exitOverride().configureHelp({ showGlobalOptions: true });
  command.configureOutput({
    writeOut: (text) => terminal.print(text.trimEnd()),
    writeErr: (text) => text.startsWith('error:') || terminal.say(text.trimEnd()),
    getOutHelpWidth: () => terminal.width,
  });
}

function contextOf(command: Command, terminal: Terminal): Context {
  const { config, user, app, sandbox, via } = command.optsWithGlobals<Context>();
  return { terminal, config, user, app, sandbox: sandbox ?? false, via };
}

function examplesText(examples: readonly string[]): string {
  return examples.length === 0 ? '' : `\nExamples:\n${examples.map((line) => `  ${line}`).join('\n')}`;
}
