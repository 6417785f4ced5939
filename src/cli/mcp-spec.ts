import { type CommandSpec, collected, option } from './command-spec.ts';

export const mcpCommand: CommandSpec = {
  usage: 'mcp',
  summary: 'Be an MCP server: the operations as tools of an agent, at stdin and stdout or over HTTP',
  examples: [
    'skillrouter mcp',
    'skillrouter mcp --sandbox --read-only',
    "skillrouter mcp --expose direct --operations 'lead.*' --operations call.log",
    "skillrouter mcp --deny '*.delete' --approve sends",
  ],
  options: [
    option('--expose <what>', 'meta: five tools for all operations (default); direct: one per operation; mixed: both').choices([
      'meta',
      'direct',
      'mixed',
    ]),
    collected('--operations <pattern>', 'which operations are tools of their own: lead.create, lead.*; may be repeated'),
    option('--read-only', 'nothing but reads'),
    collected('--allow <pattern>', 'only these operations; may be repeated'),
    collected('--deny <pattern>', 'not these operations; may be repeated'),
    collected('--approve <rule>', 'run without asking: destructive, sends, or operations; may be repeated'),
  ],
  load: async () => (await import('./commands/mcp.ts')).mcp,
};
