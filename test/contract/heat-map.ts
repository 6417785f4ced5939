import type { MatrixCell } from './pair.ts';

export type Verdict = MatrixCell['result'];

/** Best first. */
export const VERDICTS: readonly Verdict[] = ['native', 'proxy', 'excused', 'failing'];

/** One operation, intent or error over one pair: what went wrong in any of its cases, otherwise the best way that one took. */
export interface Spot extends Pick<MatrixCell, 'door' | 'adapter' | 'entry' | 'error' | 'why'> {
  readonly pair: string;
  readonly verdict: Verdict;
}

const WEIGHT: Readonly<Record<Verdict, number>> = { proxy: 0, native: 1, excused: 2, failing: 3 };

export function pairOf({ door, adapter }: Pick<MatrixCell, 'door' | 'adapter'>): string {
  return `${door} → ${adapter}`;
}

export function spotsOf(cells: readonly MatrixCell[]): readonly Spot[] {
  const groups = Map.groupBy(cells, (cell) => JSON.stringify([cell.entry, pairOf(cell)]));
  return [...groups.values()].map((group) => {
    const { door, adapter, entry, result, error, why } = group.reduce((one, other) =>
      WEIGHT[other.result] > WEIGHT[one.result] ? other : one,
    );
    const told = { ...(error === undefined ? {} : { error }), ...(why === undefined ? {} : { why }) };
    return { door, adapter, pair: pairOf({ door, adapter }), entry, verdict: result, ...told };
  });
}

interface Band {
  readonly title: string;
  readonly has: (cell: MatrixCell) => boolean;
}

const BANDS: readonly Band[] = [
  { title: 'core operations', has: ({ core, intent, error }) => core && !intent && !error },
  { title: 'intents', has: ({ intent, error }) => intent && !error },
  { title: 'further operations', has: ({ core, intent, error }) => !core && !intent && !error },
  { title: 'errors', has: ({ error }) => error !== undefined },
];

/** A page for people: one row per operation or error, one column per pair; colour and letter say the same. */
export function heatMap(cells: readonly MatrixCell[]): string {
  const spots = spotsOf(cells);
  const doors = [...new Set(cells.map(({ door }) => door))];
  const adapters = [...new Set(cells.map(({ adapter }) => adapter))];
  const pairs = doors.flatMap((door) => adapters.map((adapter) => ({ adapter, pair: pairOf({ door, adapter }) })));
  const at = new Map(spots.map((spot) => [JSON.stringify([spot.entry, spot.pair]), spot]));
  const row = (entry: string): string =>
    `<tr><th scope="row">${escaped(entry)}</th>${pairs.map(({ pair }) => spotCell(at.get(JSON.stringify([entry, pair])))).join('')}</tr>`;
  const bands = BANDS.map(({ title, has }) => {
    const entries = [...new Set(cells.filter(has).map(({ entry }) => entry))].toSorted();
    const head = `<tr class="band"><th scope="rowgroup">${title} (${entries.length})</th><td colspan="${pairs.length}"></td></tr>`;
    return `<tbody id="${anchorOf(title)}">${head}\n${entries.map(row).join('\n')}</tbody>`;
  });
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Doors × adapters</title><style>${STYLE}
tr :nth-child(${adapters.length}n + 2):not([colspan]) { border-left: 4px solid Canvas; }
</style>
<h1>Doors × adapters</h1>
<p>Each column is a program written for one backend, with that backend’s own client, over a connection on another.
Each row is an operation with live input: the same result, the same effect, once; or an error: told as that backend tells it, and nothing done.</p>
<ul class="legend">${VERDICTS.map((verdict) => `<li>${mark(verdict)} ${MEANING[verdict]}: ${spots.filter((spot) => spot.verdict === verdict).length}</li>`).join('')}</ul>
<p>${BANDS.map(({ title }) => `<a href="#${anchorOf(title)}">${title}</a>`).join(' · ')}</p>
<div class="scroll" tabindex="0" role="region" aria-label="Operations and errors by pair"><table>
<thead><tr><th>program for</th>${doors.map((door) => `<th scope="colgroup" colspan="${adapters.length}">${escaped(door)}</th>`).join('')}</tr>
<tr><th>over</th>${pairs.map(({ adapter }) => `<th scope="col"><span>${escaped(adapter)}</span></th>`).join('')}</tr></thead>
${bands.join('\n')}</table></div>
${reasons(spots)}</html>
`;
}

function anchorOf(title: string): string {
  return title.replaceAll(' ', '-');
}

/** Why, for those who cannot point at a cell. */
function reasons(spots: readonly Spot[]): string {
  const told = spots.filter(({ verdict }) => verdict === 'failing' || verdict === 'excused');
  if (told.length === 0) return '<p>Nothing fails, and nothing has to be excused.</p>\n';
  const items = told.map(({ pair, entry, verdict, why = '' }) => `<li>${mark(verdict)} ${escaped(`${pair}, ${entry}: ${why}`)}</li>`);
  return `<h2>Failing and excused</h2>\n<ul class="reasons">${items.join('\n')}</ul>\n`;
}

const LETTERS: Readonly<Record<Verdict, string>> = { native: 'N', proxy: 'P', excused: 'E', failing: 'F' };

const MEANING: Readonly<Record<Verdict, string>> = {
  native: 'native, by named tools or the app’s own API on both sides',
  proxy: 'proxy, by the app’s own request on at least one side',
  excused: 'excused, the binding says why',
  failing: 'failing',
};

function mark(verdict: Verdict): string {
  return `<b class="${verdict}">${LETTERS[verdict]}</b>`;
}

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
body { margin: 1.5rem; }
p, ul { max-width: 60rem; }
.legend, .reasons { list-style: none; padding: 0; }
.legend li { display: inline-block; margin: 0 1.2rem .3rem 0; }
b { display: inline-block; min-width: 1.6rem; text-align: center; border-radius: 3px; }
.scroll { max-height: 85vh; scroll-padding-top: 8rem; overflow: auto; width: fit-content; max-width: 100%; border: 1px solid GrayText; }
.scroll:focus-visible { outline: 3px solid Highlight; }
table { border-collapse: separate; border-spacing: 1px; }
th { font-weight: normal; text-align: left; padding: 0 .6rem 0 .4rem; white-space: nowrap; background: Canvas; }
tbody th { position: sticky; left: 0; z-index: 1; }
thead { position: sticky; top: 0; z-index: 2; background: Canvas; }
thead th:first-child { position: sticky; left: 0; z-index: 3; vertical-align: bottom; }
thead th[colspan] { text-align: center; font-weight: bold; }
thead th[scope=col] { vertical-align: bottom; padding: 0; }
thead span { writing-mode: vertical-rl; transform: rotate(180deg); padding: .3rem 0; }
.band th { font-weight: bold; padding-top: .8rem; }
td { text-align: center; min-width: 1.6rem; color: #000; }
tbody tr:hover th { text-decoration: underline; }
.native { background: #5cb87a; color: #000; } .proxy { background: #a9d6f5; color: #000; }
.excused { background: #f3d36b; color: #000; } .failing { background: #e5604d; color: #000; }
@media (max-width: 40rem) { body { margin: .5rem; } :root { font-size: 12px; } td { min-width: 1.2rem; padding: 0; }
  tbody th { padding: 0 .3rem; max-width: 9rem; white-space: normal; overflow-wrap: anywhere; } }
`;
