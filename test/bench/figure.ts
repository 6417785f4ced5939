/** One line of the result. `ratio` is to the peer of the same run; a machine's absolute numbers say little elsewhere. */
export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: 'µs' | 'ms' | '/s';
  readonly peer?: string;
  readonly peerValue?: number;
  readonly ratio?: number;
  /** What design says it may be at most, in words, and whether it is. */
  readonly target?: string;
  readonly met?: boolean;
}

const HEADER = ['what', 'p50', 'peer', 'peer p50', 'ratio', 'target', ''];

export function table(figures: readonly Figure[]): string {
  const rows = [HEADER, ...figures.map(row)];
  const widths = HEADER.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function row({ what, value, unit, peer = '', peerValue, ratio, target = '', met }: Figure): readonly string[] {
  const number = (one: number | undefined) => (one === undefined ? '' : `${one.toFixed(one < 10 ? 2 : 1)} ${unit}`);
  return [
    what,
    number(value),
    peer,
    number(peerValue),
    ratio === undefined ? '' : `${ratio.toFixed(2)}×`,
    target,
    met === undefined ? '' : met ? 'met' : 'missed',
  ];
}

/** `value` against a peer of the same run. */
export function against(what: string, value: number, peer: string, peerValue: number, unit: Figure['unit'] = 'ms'): Figure {
  return { what, value, unit, peer, peerValue, ratio: value / peerValue };
}
