import { ERRORS } from '../contract/errors.ts';
import type { Terminal } from './terminal.ts';

/** Tells a person what a call is waiting for, before it waits: nobody should have to guess why nothing happens. */
export function announceWaits(terminal: Terminal): (why: string, ms: number) => void {
  return (why, ms) => terminal.say(terminal.tint('dim', waitText(why, ms)));
}

function waitText(why: string, ms: number): string {
  if (why === 'confirming')
    return `the answer was lost: looking whether the write happened; that can take ${secondsOf(ms)} s, until the app's lists have settled`;
  return `waiting ${secondsOf(ms)} s: ${why in ERRORS ? why : 'the app or the backend asks to'}`;
}

function secondsOf(ms: number): string {
  return (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);
}
