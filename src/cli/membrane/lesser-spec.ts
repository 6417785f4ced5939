/** The Membrane CLI's lesser commands: those that a router can serve, and those that say what to use instead. Source: backends/membrane.md §7 */
import { type CommandSpec, option } from '../command-spec.ts';
import type { RefusedCommand } from './refused.ts';

/** Takes whatever is written after it, and tells why not. Not shown in help. */
function refused(command: RefusedCommand, usage: string = command): CommandSpec {
  const load: CommandSpec['load'] = async () => (await import('./refused.ts')).refusing(command);
  return { usage: `${usage} [words...]`, summary: 'Refused: says what to use instead', examples: [], fields: true, hidden: true, load };
}

export const lesserConnection: readonly CommandSpec[] = [
  {
    usage: 'create [intent]',
    summary: 'Start another connection: prints the link to open',
    examples: ['skillrouter membrane connection create "Connect to Close" --json'],
    options: [
      option('--connectorKey <key>', 'the app'),
      option('--integrationKey <key>', 'the app'),
      option('--name <name>', 'accepted, changes nothing'),
    ],
    load: async () => (await import('./connect.ts')).create,
  },
  refused('connection patch', 'patch'),
  refused('connection delete', 'delete'),
  refused('connection delete', 'archive'),
];

export const lesserAction: readonly CommandSpec[] = [refused('action update', 'update'), refused('action delete', 'delete')];

export const lesser: readonly CommandSpec[] = [
  {
    usage: 'logout',
    summary: 'Says that there is nothing to log out of',
    examples: ['skillrouter membrane logout'],
    load: async () => (await import('./session.ts')).logout,
  },
  {
    usage: 'connection-request',
    summary: 'A link for the user, and what became of it',
    examples: ['skillrouter membrane connection-request create --connectorKey close --json'],
    commands: [
      {
        usage: 'create',
        summary: 'A link for the user to open, or the connection that is usable already',
        examples: ['skillrouter membrane connection-request create --integrationKey close --json'],
        options: [
          ...['connectorId', 'connectorKey', 'integrationId', 'integrationKey'].map((name) => option(`--${name} <name>`, 'the app')),
          option('--connectionId <id>', 'authorise that one anew'),
          option('--connectionKey <key>', 'the same'),
          option('--allowMultipleConnections', 'start another one although one is usable'),
          ...['name', 'redirectUri', 'prompt'].map((name) => option(`--${name} <text>`, 'accepted, changes nothing')),
        ],
        load: async () => (await import('./connection-request.ts')).create,
      },
      {
        usage: 'get <request>',
        summary: 'pending, success, cancelled or error',
        examples: ['skillrouter membrane connection-request get composio:ca_1 --json'],
        load: async () => (await import('./connection-request.ts')).get,
      },
    ],
  },
  {
    usage: 'action-run-log',
    summary: 'What became of past runs',
    examples: ['skillrouter membrane action-run-log list', 'skillrouter membrane action-run-log get call_1 --details --json'],
    commands: [
      {
        usage: 'list',
        summary: 'The last runs, newest first',
        examples: ['skillrouter membrane action-run-log list --limit 5 --json'],
        options: [option('--limit <count>', 'how many; default 20')],
        load: async () => (await import('./run-log.ts')).list,
      },
      {
        usage: 'get <run>',
        summary: 'One run, by the actionRunId that it printed; without input and output, which nobody keeps',
        examples: ['skillrouter membrane action-run-log get call_1 --details --json'],
        options: [option('--details', 'accepted: they are always shown')],
        load: async () => (await import('./run-log.ts')).get,
      },
    ],
  },
  ...['integration', 'external-app'].map(
    (usage): CommandSpec => ({
      usage,
      summary: 'The app that is worked on',
      examples: [`skillrouter membrane ${usage} list --search close --json`],
      commands: [
        {
          usage: 'list',
          summary: 'The app that is worked on, if the words fit',
          examples: [`skillrouter membrane ${usage} list --search close --json`],
          options: [option('--search <words>', 'what is looked for')],
          load: async () => (await import('./integrations.ts')).list,
        },
      ],
    }),
  ),
  refused('token'),
  refused('credentials'),
  refused('agent-session'),
  refused('pull'),
  refused('push'),
  refused('diff'),
  refused('open'),
];
