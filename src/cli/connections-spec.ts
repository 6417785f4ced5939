import { type CommandSpec, option } from './command-spec.ts';
import { connectionOption } from './sandbox-switches.ts';

export const connectionsCommand: CommandSpec = {
  usage: 'connections',
  summary: 'Show, make, await and check connections',
  examples: ['skillrouter connections list', 'skillrouter connections connect composio', 'skillrouter connections wait'],
  load: async () => (await import('./commands/connections.ts')).list,
  commands: [
    {
      usage: 'list',
      summary: "The user's connections on every backend, in whatever state",
      examples: [
        'skillrouter connections list',
        'skillrouter connections list --user ada --json',
        'skillrouter connections list --sandbox --connection all=all',
      ],
      options: [connectionOption],
      load: async () => (await import('./commands/connections.ts')).list,
    },
    {
      usage: 'connect [backend]',
      summary: 'Start a connection: prints the link to open, and the command that waits for it',
      examples: ['skillrouter connections connect composio', 'skillrouter connections connect composio --another'],
      options: [option('--another', 'one more, although one is active already')],
      load: async () => (await import('./commands/connect.ts')).connect,
    },
    {
      usage: 'wait [connection]',
      summary: 'Wait until a connection is usable',
      examples: ['skillrouter connections wait --timeout 300', 'skillrouter connections wait ca_1 --via composio'],
      options: [option('--timeout <seconds>', 'how long to wait; default 300')],
      load: async () => (await import('./commands/connections.ts')).wait,
    },
    {
      usage: 'check',
      summary: 'Ask the app through every active connection who it is',
      examples: ['skillrouter connections check', 'skillrouter connections check --sandbox --connection rest=revoked'],
      options: [connectionOption],
      load: async () => (await import('./commands/connections.ts')).check,
    },
  ],
};
