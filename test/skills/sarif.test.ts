import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { toSarif } from '../../src/skills/check/sarif.ts';
import { diagnosed } from '../../src/skills/diagnostics.ts';
import { HEAD } from './pages.ts';
import { check } from './stage.ts';

/** The part of SARIF 2.1.0 that we write, as its specification has it (§3.14 ff.); nothing else may be in it. */
const LOG = z.strictObject({
  $schema: z.url(),
  version: z.literal('2.1.0'),
  runs: z.tuple([
    z.strictObject({
      tool: z.strictObject({
        driver: z.strictObject({
          name: z.string(),
          semanticVersion: z.string().regex(/^\d+\.\d+\.\d+/),
          rules: z.array(
            z.strictObject({
              id: z.string(),
              shortDescription: z.strictObject({ text: z.string().endsWith('.') }),
              defaultConfiguration: z.strictObject({ level: z.enum(['none', 'note', 'warning', 'error']) }),
            }),
          ),
        }),
      }),
      originalUriBaseIds: z.strictObject({ ROOT: z.strictObject({ uri: z.url().endsWith('/') }) }),
      columnKind: z.enum(['utf16CodeUnits', 'unicodeCodePoints']),
      results: z.array(
        z.strictObject({
          ruleId: z.string(),
          ruleIndex: z.int().min(0),
          level: z.enum(['none', 'note', 'warning', 'error']),
          message: z.strictObject({ text: z.string().endsWith('.') }),
          locations: z.tuple([
            z.strictObject({
              physicalLocation: z.strictObject({
                artifactLocation: z.strictObject({ uri: z.string(), uriBaseId: z.literal('ROOT').optional() }),
                region: z.strictObject({ startLine: z.int().min(1) }),
              }),
            }),
          ]),
          partialFingerprints: z.record(z.string(), z.string()),
        }),
      ),
    }),
  ]),
});

describe('the SARIF of a report', () => {
  it('is what the specification allows: rules that results point at, places relative to a root', async () => {
    const folder = join(import.meta.dirname, 'a b');
    const skill = await check(`${HEAD}\n**Tool**: \`CLOSE_CREATE_LEED\`\n`);
    const placed = { ...skill, diagnostics: skill.diagnostics.map((one) => ({ ...one, file: join(folder, 'x y/é/SKILL.md') })) };
    const elsewhere = diagnosed(join(import.meta.dirname, 'other/SKILL.md'), [
      { line: 3, code: 'link_outside', what: 'a link', fix: 'No.' },
    ]);
    const report = { app: 'close', backends: [], skills: [placed], diagnostics: elsewhere, counts: { error: 1, warning: 1, note: 0 } };
    const log = LOG.parse(toSarif(report, { version: '1.2.3', folder }));
    const [{ results, tool }] = log.runs;
    expect(results.map(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex]?.id === ruleId)).toEqual([true, true]);
    expect(results.map(({ locations: [one] }) => one.physicalLocation.artifactLocation.uri)).toEqual([
      expect.stringMatching(/^file:\/\/\/.*other\/SKILL\.md$/),
      'x%20y/%C3%A9/SKILL.md',
    ]);
    expect(new Set(results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints))).size).toBe(2);
  });
});
