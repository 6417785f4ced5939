import type { ErrorCode } from '../../src/contract/errors.ts';
import type { Heard } from './clients.ts';
import { CORE_TROUBLES } from './core-errors.ts';
import { short } from './judge.ts';
import { type MatrixCell, type Told, wayThrough } from './pair.ts';
import { operationOf, startingWorld } from './reference.ts';
import { meet, sight, TROUBLES, type Trouble, type TroubleName } from './refusals.ts';
import { type Name, openPair, type Pair } from './rig.ts';

/** Those of the input first: after a rate limit the router asks no more, and after the final ones nothing works. */
export const ALL_TROUBLES: readonly Trouble[] = [...CORE_TROUBLES, ...TROUBLES];

/** The canonical error of each, the same over every backend. */
const CODES: Readonly<Record<TroubleName, ErrorCode>> = {
  'not found': 'not_found',
  'refused content': 'rejected',
  'bad input': 'invalid_input',
  'missing field': 'invalid_input',
  'no permission': 'permission_denied',
  'rate limit': 'rate_limited',
  'app broken': 'backend_unavailable',
  'credential refused': 'unauthenticated',
  'connection expired': 'connection_required',
};

/** Everything that can go wrong, met over one pair. */
export async function tellErrorsOver(door: Name, adapter: Name): Promise<readonly MatrixCell[]> {
  await using pair = await openPair(door, adapter, startingWorld());
  const cells: MatrixCell[] = [];
  for (const trouble of ALL_TROUBLES.filter(({ final }) => !final)) cells.push(cellOf(pair, trouble, await meetOver(pair, trouble)));
  for (const trouble of ALL_TROUBLES.filter(({ final }) => final)) {
    await using broken = await openPair(door, adapter, startingWorld());
    cells.push(cellOf(broken, trouble, await meetOver(broken, trouble)));
  }
  return cells;
}

function cellOf({ door, adapter }: Pair, { name, operation }: Trouble, told: Told): MatrixCell {
  return { door, adapter, entry: `${name}: ${operation}`, intent: false, core: operationOf(operation).core, error: name, ...told };
}

/** Brings a trouble about, and compares what the program, the router and Close make of it with what they should. */
export async function meetOver(pair: Pair, trouble: Trouble): Promise<Told> {
  if (trouble.cause) pair.stage.current = startingWorld();
  pair.stage.calls.length = pair.receipts.length = pair.codes.length = 0;
  const { way } = wayThrough(pair, operationOf(trouble.operation), trouble.input);
  const why = wrongIn(pair, trouble, { heard: await meet(pair, trouble), way: way === 'tool' ? 'tool' : 'http' });
  const adapterWays = pair.receipts.flatMap(({ route }) => (route ? [route.transport] : []));
  const ways = { door: [way], adapter: adapterWays };
  if (why !== undefined) {
    pair.stage.current = startingWorld();
    return { result: 'failing', ways, why };
  }
  return { result: [way, ...adapterWays].includes('proxy') ? 'proxy' : 'native', ways };
}

function wrongIn(
  pair: Pair,
  trouble: Trouble,
  { heard, way }: { readonly heard: Heard; readonly way: 'tool' | 'http' },
): string | undefined {
  if (heard.kind !== 'refused') return 'the program was told that all went well';
  const wanted = sight(trouble, pair, way);
  if (heard.status !== wanted.status || heard.word !== wanted.word)
    return `the program was told ${short({ status: heard.status, word: heard.word })} instead of ${short(wanted)}`;
  if (!heard.text.includes(trouble.tells ?? '')) return `the program was not told of ${trouble.tells}: ${short(heard.text)}`;
  if (heard.text.includes(pair.stage.keys()[0]?.key ?? 'no key')) return 'the program was told the key';
  if (pair.stage.current.ledger().length > 0) return 'Close has done something';
  const isAsked = pair.stage.calls.length > 0;
  if (isAsked === (trouble.early === true)) return isAsked ? 'Close was asked' : 'Close was not asked';
  return wrongCode(pair, trouble);
}

/** What a door refuses by itself reaches no router. */
function wrongCode({ adapter, codes }: Pair, { name, early }: Trouble): string | undefined {
  const wanted = name === 'connection expired' && adapter === 'rest' ? 'unauthenticated' : CODES[name];
  const [code, ...more] = codes;
  if (code === wanted && more.length === 0) return undefined;
  return code === undefined && early ? undefined : `the router said ${codes.join(', ') || 'nothing'} instead of ${wanted}`;
}
