import { describe, expect, it } from 'vitest';
import { heatMap, spotsOf } from './heat-map.ts';
import type { MatrixCell } from './pair.ts';

const cell = (overrides: Partial<MatrixCell> = {}): MatrixCell => ({
  door: 'composio',
  adapter: 'rest',
  entry: 'lead.get',
  intent: false,
  core: true,
  result: 'native',
  ways: { door: ['tool'], adapter: ['direct'] },
  ...overrides,
});

describe('the heat map', () => {
  it('shows of several cases what went wrong in one, otherwise the best way', () => {
    const verdicts = (...results: readonly MatrixCell['result'][]) => spotsOf(results.map((result) => cell({ result })));
    expect(verdicts('proxy', 'native')).toMatchObject([{ verdict: 'native' }]);
    expect(verdicts('native', 'failing', 'excused')).toMatchObject([{ verdict: 'failing' }]);
    expect(spotsOf([cell(), cell({ adapter: 'membrane' })])).toHaveLength(2);
  });

  it('has a band of its own for errors', () => {
    const page = heatMap([cell(), cell({ entry: 'not found: lead.get', error: 'not found' })]);
    expect([...page.matchAll(/scope="rowgroup">([^<]+)</g)].map(([, title]) => title)).toEqual([
      'core operations (1)',
      'intents (0)',
      'further operations (0)',
      'errors (1)',
    ]);
    expect(page).toContain('Nothing fails');
  });

  it('says in words what fails and why, and takes nothing it shows for markup', () => {
    const page = heatMap([cell({ result: 'failing', why: 'data.name: "<script>" became "x"' })]);
    expect(page).toContain('composio → rest, lead.get: data.name: &#34;&#60;script&#62;&#34; became');
    expect(page).not.toContain('<script>');
  });
});
