import { type CommandSpec, collected, option } from './command-spec.ts';

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
    {
      usage: 'convert <path...>',
      summary:
        'Write skills anew for every backend at once: canonical operations and skillrouter commands; tells what could not be taken over',
      examples: [
        'skillrouter skill convert ./close-automation --out ./converted',
        'skillrouter skill convert ~/.agents/skills --out .agents/skills --json',
      ],
      options: [
        option('--out <folder>', 'the folder that gets a folder per skill'),
        option('--force', 'overwrite skills that somebody else wrote'),
      ],
      load: async () => (await import('./commands/skill-convert.ts')).skillConvert,
    },
    {
      usage: 'build',
      summary: 'Write the skill of the app for an agent, out of the catalogue; every example in it was run in the sandbox before',
      examples: [
        'skillrouter skill build',
        'skillrouter skill build --for claude --max-tokens 3000',
        "skillrouter skill build --for codex --operations 'lead.*' --operations call.log --out ./skills",
      ],
      options: [
        option('--out <folder>', 'the folder that gets the skill; default where the host looks: .agents/skills or .claude/skills'),
        option('--for <host>', 'codex: with agents/openai.yaml').choices(['agents', 'claude', 'codex']).default('agents'),
        collected('--operations <pattern>', 'only these: lead.create, lead.*; may be repeated'),
        option('--max-tokens <count>', 'what SKILL.md may cost an agent; leaves out what it needs least'),
        option('--force', 'overwrite a skill that somebody else wrote'),
      ],
      load: async () => (await import('./commands/skill-build.ts')).skillBuild,
    },
  ],
};
