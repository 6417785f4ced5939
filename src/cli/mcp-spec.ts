import { type CommandSpec, collected, option } from './command-spec.ts';

export const mcpCommand: CommandSpec = {
  usage: 'mcp',
  summary: 'Be an MCP server: the operations as tools of an agent, at stdin and stdout or over HTTP',
  examples: [
    'skillrouter mcp',
    'skillrouter mcp --sandbox --read-only',
    'skillrouter mcp --as rube',
    "skillrouter mcp --expose direct --operations 'lead.*' --operations call.log",
    "skillrouter mcp --deny '*.delete' --approve sends",
    'skillrouter mcp --http --sandbox',
    'skillrouter mcp --http 0.0.0.0:443 --allowed-hosts router.example',
  ],
  options: [
    option('--http [address]', 'Streamable HTTP instead of stdin and stdout; default 127.0.0.1:4770, port 0 takes a free one'),
    collected('--allowed-hosts <name>', 'a name by which the server may be called; another address than loopback needs one'),
    option('--url <origin>', 'how others reach the port, when a proxy stands before it'),
    option('--open', 'without a key: every program on this machine may call'),
    option('--expose <what>', 'meta: five tools for all operations (default); direct: one per operation; mixed: both').choices([
      'meta',
      'direct',
      'mixed',
    ]),
    option('--as <surface>', 'rube: the meta tools of Rube and Composio, RUBE_*, instead of our own').choices(['rube']),
    collected('--operations <pattern>', 'which operations are tools of their own: lead.create, lead.*; may be repeated'),
    option('--read-only', 'nothing but reads'),
    collected('--allow <pattern>', 'only these operations; may be repeated'),
    collected('--deny <pattern>', 'not these operations; may be repeated'),
    collected('--approve <rule>', 'run without asking: destructive, sends, or operations; may be repeated'),
  ],
  load: async () => (await import('./commands/mcp.ts')).mcp,
};
