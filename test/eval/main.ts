/** How well agents get along: `npm run eval`. Prints what `test/eval/*.test.ts` hold to thresholds, with everything that went wrong. */
import { WRONG_CALLS } from './repair/cases.ts';
import { tryRepair } from './repair/stage.ts';
import { HELD_OUT, type Phrase, TUNED } from './search/phrases.ts';
import { score } from './search/score.ts';

await search('tuned on', TUNED);
await search('held out', HELD_OUT);
await repairs();

async function search(name: string, phrases: readonly Phrase[]): Promise<void> {
  const { first, three, missed } = await score(phrases);
  const share = (count: number): string => `${count}/${phrases.length} (${((100 * count) / phrases.length).toFixed(1)} %)`;
  console.log(`search, ${name}: first ${share(first)}, among three ${share(three)}`);
  for (const { words, right, found } of missed) console.log(`  "${words}" is ${right}; found ${found.join(', ') || 'nothing'}`);
}

async function repairs(): Promise<void> {
  const codes = new Map<string, number>();
  let fixed = 0;
  for (const wrong of WRONG_CALLS) {
    const { meant, log } = await tryRepair(wrong);
    fixed += meant ? 1 : 0;
    const code = log[0] ?? 'none';
    codes.set(code, (codes.get(code) ?? 0) + 1);
    if (!meant) console.log(`  not repaired: ${wrong.name}: ${log.join(' → ')}`);
  }
  console.log(`repair, by the steps of errors alone: ${fixed}/${WRONG_CALLS.length}`);
  for (const [code, count] of codes) console.log(`  ${code}: ${count}`);
}
