import type { BulkProgress } from '../contract/bulk.ts';
import type { Terminal } from './terminal.ts';

const DRAW_MS = 100;
const PLAIN_MS = 5000;
const BAR = 24;

/**
 * Progress of long work: one line that changes where a person watches, else a plain line now and then. One line needs no
 * library: the well-known ones (cli-progress, listr2, ora) bring widths, colours and timers of their own, or are not kept.
 */
export function progressOn(terminal: Terminal): { readonly show: (progress: BulkProgress) => void; readonly end: () => void } {
  let shown = Number.NEGATIVE_INFINITY;
  return {
    show: (progress) => {
      const now = performance.now();
      if (now - shown < (terminal.live ? DRAW_MS : PLAIN_MS)) return;
      shown = now;
      if (terminal.live) terminal.redraw(`${barOf(progress)}${textOf(progress)}`);
      else terminal.say(textOf(progress));
    },
    end: () => terminal.redraw(''),
  };
}

function barOf({ rows, done, failed }: BulkProgress): string {
  if (!rows) return '';
  const full = Math.min(BAR, Math.floor((BAR * (done + failed)) / rows));
  return `[${'#'.repeat(full)}${'.'.repeat(BAR - full)}] `;
}

function textOf({ stage, rows, done, failed, rate, etaMs }: BulkProgress): string {
  const of = rows === undefined ? '' : ` of ${rows}`;
  if (stage !== 'running') return `${stage}: ${done}${of} rows, ${rateText(rate)}`;
  const eta = etaMs === undefined ? '' : `, ${spanText(etaMs)} left`;
  return `${done + failed}${of} rows: ${done} done, ${failed} failed, ${rateText(rate)}${eta}`;
}

function rateText(rate: number): string {
  return `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`;
}

/** `1 h 04 min`, `3 min 20 s`, `12 s` */
function spanText(ms: number): string {
  const seconds = Math.ceil(ms / 1000);
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min ${String(seconds % 60).padStart(2, '0')} s`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
}
