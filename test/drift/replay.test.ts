import { describe, expect, it } from 'vitest';
import { argumentsRenamed, compared, composioAt, composioGrows, known, NAMES, renaming, SCHEMES, scalekitGrows } from './replay.ts';

describe('the tools of today', () => {
  it.each(NAMES)('give no alarm on %s', async (name) => {
    const now = await known(name);
    expect(now.tools.length).toBeGreaterThan(0);
    expect(compared(now, now.tools)).toEqual({ findings: [], proposals: [], broken: [] });
  });
});

describe('the tool sets that were seen', () => {
  it('Composio with six tools: what calls the other eight goes by proxy, and none is taken for another', async () => {
    const { findings, proposals, broken } = await composioAt('6');
    expect(findings.map(({ kind }) => kind)).toEqual(Array.from({ length: 8 }, () => 'removed'));
    expect(broken).toHaveLength(9);
    expect(proposals.map(({ operation }) => operation).toSorted()).toEqual(broken.toSorted());
    expect(proposals.every(({ cell }) => 'proxy' in cell)).toBe(true);
  });

  it('Composio growing from six to fourteen: most new tools are given to the operation that they were later bound to by hand', async () => {
    const { of, right, wrong, found } = await composioGrows();
    expect(found).toEqual([]);
    expect({ of, wrong }).toEqual({ of: 8, wrong: 0 });
    expect(right).toBeGreaterThanOrEqual(6);
  });

  it('Scalekit growing from 81 to 103: nothing breaks, most new tools are given to their operation, none to another', async () => {
    const { of, right, wrong, found, broken } = await scalekitGrows();
    expect(broken).toEqual([]);
    expect(found).toEqual([]);
    expect({ of, wrong }).toEqual({ of: 22, wrong: 0 });
    expect(right).toBeGreaterThanOrEqual(18);
  });
});

describe.each(Object.keys(SCHEMES))('all tools under other names: %s', (scheme) => {
  it.each(NAMES)('are found again on %s, none is taken for another, and what is proposed breaks nothing', async (name) => {
    const { of, right, wrong, found, leftBroken } = await renaming(name, SCHEMES[scheme] ?? String);
    expect({ wrong, leftBroken }, found.join('\n')).toEqual({ wrong: 0, leftBroken: [] });
    expect(right / of, found.join('\n')).toBeGreaterThanOrEqual(0.9);
  });

  it.each(NAMES)('are not taken for those of %s that are gone for good at the same time', async (name) => {
    const { of, right, wrong, found, leftBroken } = await renaming(name, SCHEMES[scheme] ?? String, true);
    expect({ wrong, leftBroken }, found.join('\n')).toEqual({ wrong: 0, leftBroken: [] });
    expect(right / of, found.join('\n')).toBeGreaterThanOrEqual(0.9);
  });
});

describe('all arguments in camel case', () => {
  it.each(NAMES)('are found again on %s, none is taken for another, and what is proposed breaks nothing', async (name) => {
    const { of, right, wrong, found, leftBroken } = await argumentsRenamed(name);
    expect({ wrong, leftBroken }, found.join('\n')).toEqual({ wrong: 0, leftBroken: [] });
    expect(right / of, found.join('\n')).toBeGreaterThanOrEqual(0.9);
  });
});
