/** How well agents get along: `npm run eval`. Prints what `test/eval/*.test.ts` hold to thresholds, with everything that went wrong. */
import { argumentsRenamed, compared, composioGrows, known, NAMES, renaming, SCHEMES, type Score, scalekitGrows } from '../drift/replay.ts';
import { WRONG_CALLS } from './repair/cases.ts';
import { tryRepair } from './repair/stage.ts';
import { HELD_OUT, type Phrase, TUNED } from './search/phrases.ts';
import { score } from './search/score.ts';

await search('tuned on', TUNED);
await search('held out', HELD_OUT);
await repairs();
await drift();

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

async function drift(): Promise<void> {
  const line = (name: string, { of, right, wrong, found }: Score): void => {
    console.log(`  ${name.padEnd(52)} ${`${right}/${of}`.padStart(7)} mapped, ${wrong} wrong`);
    for (const one of found) console.log(`    ${one}`);
  };
  console.log('drift, replay of tool sets:');
  for (const name of NAMES) {
    const now = await known(name);
    console.log(`  ${name}, today's ${now.tools.length} tools: ${compared(now, now.tools).findings.length} false alarms`);
  }
  line('composio, 6 → 14: new tools given to operations', await composioGrows());
  line('scalekit, 81 → 103: new tools given to operations', await scalekitGrows());
  for (const name of NAMES) line(`${name}, all arguments in camel case`, await argumentsRenamed(name));
  for (const [scheme, rename] of Object.entries(SCHEMES)) {
    for (const name of NAMES) {
      line(`${name}, renamed: ${scheme}`, await renaming(name, rename));
      line(`${name}, renamed, and half of them gone: ${scheme}`, await renaming(name, rename, true));
    }
  }
}
