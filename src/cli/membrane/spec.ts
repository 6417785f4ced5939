/** The Membrane CLI's commands, as its public skills of all generations write them. Source: backends/membrane.md §7 */
import { type CommandSpec, collected, option } from '../command-spec.ts';
import { lesser, lesserAction, lesserConnection } from './lesser-spec.ts';

const connectionOptions = [
  option('--connectionId <id>', 'backend:connection, the id alone, or the app for whichever is ACTIVE'),
  option('--connectionKey <key>', 'the same'),
  option('--integrationKey <key>', 'the app: whichever connection is ACTIVE'),
];

const callOptions = [
  option('--idempotency-key <key>', 'the same key never writes twice'),
  option('--timeout <seconds>', 'for the whole call; default 120'),
  option('--yes', 'consent to what the policy asks about'),
];

const inputOption = option('--input <json>', 'the input: JSON, @file, or - for stdin');

const session: readonly CommandSpec[] = [
  {
    usage: 'login',
    summary: 'No login is needed: says which configuration is used',
    examples: ['skillrouter membrane login --tenant', 'skillrouter membrane login complete CODE'],
    options: [
      option('--tenant', 'accepted, changes nothing'),
      option('--clientName <name>', 'accepted, changes nothing'),
      option('--non-interactive', 'accepted, changes nothing'),
    ],
    load: async () => (await import('./session.ts')).status,
    commands: [
      {
        usage: 'start',
        summary: 'As login',
        examples: ['skillrouter membrane login start'],
        load: async () => (await import('./session.ts')).status,
      },
      {
        usage: 'complete [code]',
        summary: 'As login; the code is not needed',
        examples: ['skillrouter membrane login complete CODE'],
        load: async () => (await import('./session.ts')).status,
      },
    ],
  },
  {
    usage: 'status',
    summary: 'Who the calls are for, and over which backends',
    examples: ['skillrouter membrane status', 'skillrouter membrane status --sandbox --json'],
    load: async () => (await import('./session.ts')).status,
  },
];

const connecting: readonly CommandSpec[] = [
  {
    usage: 'search [query]',
    summary: 'Find connectors (apps) and actions by words',
    examples: ['skillrouter membrane search close --elementType=connector --json', 'skillrouter membrane search "send a text"'],
    options: [
      option('--elementType <type>', 'connector, integration or action; default all'),
      option('--limit <count>', 'how many; default 10'),
    ],
    load: async () => (await import('./search.ts')).search,
  },
  {
    usage: 'connect',
    summary: 'Start a connection: prints the link to open, or the connection that is already usable',
    examples: [
      'skillrouter membrane connect --connectorKey close --json',
      'skillrouter membrane connect --connectorId=close --via composio',
    ],
    options: [
      option('--connectorId <id>', 'the app'),
      option('--connectorKey <key>', 'the app'),
      ...connectionOptions,
      option('--allowMultipleConnections', 'start another one although one is usable'),
      option('--intent <text>', 'accepted, changes nothing'),
    ],
    load: async () => (await import('./connect.ts')).connect,
  },
  {
    usage: 'connection',
    summary: 'List, ensure and await connections',
    examples: ['skillrouter membrane connection list --json', 'skillrouter membrane connection ensure close.com'],
    commands: [
      {
        usage: 'list',
        summary: "The user's connections on every backend, usable ones first",
        examples: ['skillrouter membrane connection list --json'],
        load: async () => (await import('./connection.ts')).list,
      },
      {
        usage: 'ensure [app]',
        summary: 'The usable connection to an app, by its name, domain or address; starts one if there is none',
        examples: ['skillrouter membrane connection ensure "https://close.com" --json', 'skillrouter membrane connection ensure close'],
        options: [option('--name <name>', 'accepted, changes nothing')],
        load: async () => (await import('./connect.ts')).ensure,
      },
      {
        usage: 'get <connection>',
        summary: 'The state of one connection; with --wait, as soon as it is usable',
        examples: [
          'skillrouter membrane connection get composio:ca_1 --wait --timeout 60 --json',
          'skillrouter membrane connection get close',
        ],
        options: [
          option('--wait', 'wait until it is usable, or until the timeout'),
          option('--timeout <seconds>', 'how long to wait; default 30'),
        ],
        load: async () => (await import('./connection.ts')).get,
      },
      ...lesserConnection,
    ],
  },
];

const acting: readonly CommandSpec[] = [
  {
    usage: 'action',
    summary: 'Find and run actions',
    examples: [
      'skillrouter membrane action list --intent "create a lead"',
      'skillrouter membrane action run get-lead --input \'{"id":"lead_1"}\'',
    ],
    commands: [
      {
        usage: 'list',
        summary: 'Actions with their input schemas; with --intent, the best match first',
        examples: ['skillrouter membrane action list --intent "create a lead" --connectionId close --json'],
        options: [
          ...connectionOptions,
          option('--intent <words>', 'what you want to do'),
          option('--limit <count>', 'how many; default 10 with --intent, else 20'),
        ],
        load: async () => (await import('./action.ts')).list,
      },
      {
        usage: 'get <action>',
        summary: 'One action with its input schema',
        examples: ['skillrouter membrane action get create-lead --json'],
        options: [...connectionOptions, option('--wait', 'accepted: an action is ready at once')],
        load: async () => (await import('./action.ts')).get,
      },
      {
        usage: 'run <action>',
        summary: 'Run an action, by id or key, through whichever connection is ACTIVE',
        examples: [
          `skillrouter membrane action run create-lead --connectionId close --input '{"name":"Acme"}' --json`,
          'skillrouter membrane action run list-leads --connectionId composio:ca_1',
        ],
        options: [...connectionOptions, inputOption, ...callOptions],
        load: async () => (await import('./run.ts')).runAction,
      },
      {
        usage: 'create [intent]',
        summary: 'Not needed here: says which action already does it',
        examples: ['skillrouter membrane action create "log a phone call" --connectionId close'],
        options: [...connectionOptions, option('--name <name>', 'accepted, changes nothing')],
        load: async () => (await import('./action.ts')).create,
      },
      ...lesserAction,
    ],
  },
  {
    usage: 'act',
    summary: "Run an action by --key or --id, or the app's own request by --api",
    examples: [
      `skillrouter membrane act --connectionKey close --key get-lead --input '{"id":"lead_1"}'`,
      `skillrouter membrane act --connectionKey close --api '{"method":"GET","path":"/me/"}' --json`,
    ],
    options: [
      ...connectionOptions,
      option('--key <key>', 'an action'),
      option('--id <id>', 'an action'),
      option('--api <json>', '{"method","path","query"?,"body"?,"headers"?}'),
      option('--code <code>', 'refused: nothing is executed here'),
      inputOption,
      ...callOptions,
    ],
    load: async () => (await import('./act.ts')).act,
  },
  {
    usage: 'request <connection> <path>',
    summary: "Send the app's own HTTP request through a connection",
    examples: [
      'skillrouter membrane request close /lead/ --query _limit=10 --json',
      `skillrouter membrane request close /lead/{id}/ -X PUT --pathParam id=lead_1 -d '{"name":"Acme"}'`,
    ],
    options: [
      option('-X, --method <method>', 'default GET'),
      collected('-H, --header <header>', '"Name: value"; may be repeated'),
      option('-d, --data <body>', 'the body, a JSON object'),
      option('--rawData', 'accepted: the body is sent as it is given'),
      collected('--query <pair>', 'name=value; may be repeated'),
      collected('--pathParam <pair>', 'name=value for {name} in the path; may be repeated'),
      ...callOptions,
    ],
    load: async () => (await import('./request.ts')).request,
  },
];

export const membraneCommand: CommandSpec = {
  usage: 'membrane',
  summary: "The Membrane CLI's commands, over whichever connection is ACTIVE on any backend",
  examples: [
    'skillrouter membrane connection ensure close.com --json',
    'skillrouter membrane action run create-lead --connectionId close --input \'{"name":"Acme"}\' --json',
    'skillrouter membrane shim ./bin',
  ],
  options: [
    option('--tenantKey <name>', 'the same as --user'),
    option('--workspaceKey <key>', 'not used: the configuration decides'),
    option('--apiUri <url>', 'not used: the configuration decides'),
  ],
  commands: [
    ...session,
    ...connecting,
    ...acting,
    ...lesser,
    {
      usage: 'shim <folder>',
      summary: 'Write a "membrane" command that calls this one into a folder of your PATH',
      examples: ['skillrouter membrane shim ~/.local/bin', 'skillrouter membrane shim ./bin --sandbox --force'],
      options: [option('--force', 'overwrite what is there')],
      load: async () => (await import('./shim.ts')).shim,
    },
  ],
};
