import { type CommandSpec, option } from './command-spec.ts';
import { toolSetOption } from './sandbox-switches.ts';

export const driftCommand: CommandSpec = {
  usage: 'drift',
  summary:
    'Hold the tools that each backend lists now against the bindings. For a nightly job: exit code 0 when every cell still fits, 4 when one does not, 5 when no backend could be asked',
  examples: [
    'skillrouter drift',
    'skillrouter drift --backends composio,scalekit --json',
    'skillrouter drift --patch drift.yaml',
    'skillrouter drift --sandbox --tool-set membrane=changed',
  ],
  options: [
    option('--backends <names>', 'only these, between commas'),
    option('--patch <file>', 'write the cells that would fit again, as YAML'),
    option('--adopt', 'propose new tools too, for operations that go by proxy'),
    option('--tool-version <version>', 'as it will be with that release of the tools, where a backend has such (Composio)'),
    option('--all', 'tell differences that break nothing too, however many'),
    toolSetOption,
  ],
  load: async () => (await import('./commands/drift.ts')).drift,
};
