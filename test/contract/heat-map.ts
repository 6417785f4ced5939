import type { MatrixCell } from './pair.ts';

export type Verdict = MatrixCell['result'];

/** Best first. */
export const VERDICTS: readonly Verdict[] = ['native', 'proxy', 'excused', 'failing'];

/** One operation or intent over one pair: what went wrong in any of its cases, otherwise the best way that one took. */
export interface Spot {
  readonly entry: string;
  readonly pair: string;
  readonly verdict: Verdict;
  readonly why?: string;
}

const WEIGHT: Readonly<Record<Verdict, number>> = { proxy: 0, native: 1, excused: 2, failing: 3 };

export function pairOf({ door, adapter }: Pick<MatrixCell, 'door' | 'adapter'>): string {
  return `${door} → ${adapter}`;
}

export function spotsOf(cells: readonly MatrixCell[]): readonly Spot[] {
  const groups = Map.groupBy(cells, (cell) => JSON.stringify([cell.entry, pairOf(cell)]));
  return [...groups.values()].map((group) => {
    const telling = group.reduce((one, other) => (WEIGHT[other.result] > WEIGHT[one.result] ? other : one));
    const { entry, result, why } = telling;
    return { entry, pair: pairOf(telling), verdict: result, ...(why === undefined ? {} : { why }) };
  });
}

interface Band {
  readonly title: string;
  readonly has: (cell: MatrixCell) => boolean;
}

const BANDS: readonly Band[] = [
  { title: 'core operations', has: ({ core, intent }) => core && !intent },
  { title: 'intents', has: ({ intent }) => intent },
  { title: 'further operations', has: ({ core, intent }) => !core && !intent },
];

/** A page for people: one row per operation, one column per pair; colour and letter say the same. */
export function heatMap(cells: readonly MatrixCell[]): string {
  const pairs = [...new Set(cells.map(pairOf))];
  const spots = new Map(spotsOf(cells).map((spot) => [JSON.stringify([spot.entry, spot.pair]), spot]));
  const row = (entry: string): string =>
    `<tr><th scope="row">${escaped(entry)}</th>${pairs.map((pair) => spotCell(spots.get(JSON.stringify([entry, pair])))).join('')}</tr>`;
  const bands = BANDS.map(({ title, has }) => {
    const entries = [...new Set(cells.filter(has).map(({ entry }) => entry))].toSorted();
    return `<tbody><tr><th class="band" colspan="${pairs.length + 1}">${title} (${entries.length})</th></tr>\n${entries.map(row).join('\n')}</tbody>`;
  });
  const heads = pairs.map((pair) => `<th scope="col"><span>${escaped(pair)}</span></th>`).join('');
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Doors × adapters</title><style>${STYLE}</style>
<h1>Doors × adapters</h1>
<p>Each column is a program for one backend, with that backend’s own client, over a connection on another: <i>door → adapter</i>.
Each row is an operation with live input; the same result, the same effect, once.</p>
<p>${VERDICTS.map((verdict) => `<span class="${verdict}">${LETTERS[verdict]}</span> ${MEANING[verdict]}`).join(' &nbsp; ')}</p>
<table><thead><tr><th></th>${heads}</tr></thead>
${bands.join('\n')}</table>
</html>
`;
}

const LETTERS: Readonly<Record<Verdict, string>> = { native: 'N', proxy: 'P', excused: 'E', failing: 'F' };

const MEANING: Readonly<Record<Verdict, string>> = {
  native: 'native: named tools or the app’s own API on both sides',
  proxy: 'proxy: the app’s own request, at least on one side',
  excused: 'excused: the binding says why',
  failing: 'failing',
};

function spotCell(spot: Spot | undefined): string {
  if (!spot) return '<td></td>';
  const { verdict, why, entry, pair } = spot;
  return `<td class="${verdict}" title="${escaped(`${entry}, ${pair}: ${why ?? verdict}`)}">${LETTERS[verdict]}</td>`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

const STYLE = `
:root { color-scheme: light dark; font: 14px/1.4 system-ui, sans-serif; }
body { margin: 2rem; }
table { border-collapse: collapse; }
th { font-weight: normal; text-align: left; padding: 0 .6rem 0 0; white-space: nowrap; }
thead th { height: 11rem; vertical-align: bottom; padding: 0; position: sticky; top: 0; background: Canvas; }
thead span { writing-mode: vertical-rl; transform: rotate(180deg); padding: .3rem 0; }
.band { font-weight: bold; padding-top: 1rem; }
td, p span { text-align: center; min-width: 1.6rem; color: #000; border: 1px solid Canvas; padding: 0 .3rem; }
.native { background: #5cb87a; } .proxy { background: #a9d6f5; } .excused { background: #f3d36b; } .failing { background: #e5604d; }
`;
