import { type CommandSpec, option } from './command-spec.ts';

export const skillCommand: CommandSpec = {
  usage: 'skill',
  summary: 'Read, check, convert and build skills (SKILL.md)',
  examples: [
    'skillrouter skill check ./skills',
    'skillrouter skill convert ./close-automation --out ./converted',
    'skillrouter skill build',
  ],
  commands: [
    {
      usage: 'check <path...>',
      summary:
        'What skills need and what your backends run of it, natively, by proxy or not at all, with wrong tools and arguments. Exit code 4 when a skill has errors, 0 otherwise',
      examples: [
        'skillrouter skill check ./close-automation/SKILL.md',
        'skillrouter skill check ~/.agents/skills .claude/skills --json',
        'skillrouter skill check ./skills --strict --sarif > skills.sarif',
        'skillrouter skill check ./skills --sandbox',
      ],
      options: [
        option('--strict', 'warnings count as errors'),
        option('--all', 'tell notes too, and skills for other apps'),
        option('--sarif', 'SARIF 2.1.0 on stdout, for code scanning'),
      ],
      load: async () => (await import('./commands/skill-check.ts')).skillCheck,
    },
  ],
};
