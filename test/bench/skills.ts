import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeApp } from '../../src/catalog/close/index.ts';
import { openBench } from '../../src/skills.ts';
import type { Figure } from './figure.ts';

const COUNT = 5000;

/** A tree of thousands of skills, read and held against four backends. */
export async function skillFigures(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'skillrouter-bench-skills-'));
  try {
    for (let at = 0; at < COUNT; at += 1) write(join(folder, String(at % 100), `skill-${at}`), page(at));
    const bench = openBench({ app: closeApp, backends: ['composio', 'membrane', 'rest', 'scalekit'], version: '0.0.0', folder });
    const before = process.memoryUsage().rss;
    const start = performance.now();
    const { skills } = await bench.check([folder]);
    const each = (performance.now() - start) / skills.length;
    const grown = Math.max(0, process.memoryUsage().rss - before) / 2 ** 20;
    return [{ what: `skill check: each of ${skills.length} skills (${grown.toFixed(0)} MiB for all)`, value: each, unit: 'ms' }];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function write(folder: string, text: string): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'SKILL.md'), text);
}

/** About as long as the skills that are published for these backends. */
function page(at: number): string {
  const workflow = (number: number): string => `### ${number}. Work

**When to use**: The user wants work

**Tool sequence**:
1. \`CLOSE_CREATE_LEAD\` - Make a lead [Required]
2. \`CLOSE_CREATE_CALL\` - Log the call [Optional]

**Key parameters**:
- \`name\`: The company
- \`lead_id\`: The lead

**Pitfalls**:
- Leads are companies
`;
  const workflows = Array.from({ length: 6 }, (_, number) => workflow(number + 1)).join('\n');
  return `---\nname: skill-${at}\ndescription: Works on leads.\nrequires:\n  mcp: [rube]\n---\n\n# Skill ${at}\n\nWith toolkit \`close\`.\n\n## Core Workflows\n\n${workflows}\n## Quick Reference\n\n| Task | Tool Slug | Key Params |\n|---|---|---|\n| Log | CLOSE_CREATE_CALL | lead_id |\n`;
}
