/** Sentences that try to give orders to whoever reads the text next. They stay what they are: data. */
import type { Remark } from '../diagnostics.ts';
import { shown } from '../diagnostics.ts';
import type { Line } from './skill.ts';

const ORDERS: readonly RegExp[] = [
  /\b(?:ignore|disregard|forget|override|bypass)\b[^.!?]{0,40}\b(?:previous|prior|above|earlier|preceding|all|any|your|system|safety)\b[^.!?]{0,30}\b(?:instruction|prompt|rule|message|guideline|polic|restriction)/i,
  /\byou are now\b[^.!?]{0,40}\b(?:mode|assistant|agent|admin|root|dan)\b/i,
  /\b(?:reveal|print|show|repeat|output|leak)\b[^.!?]{0,30}\b(?:system prompt|developer message|hidden instruction)/i,
  /\b(?:do not|don't|never)\b[^.!?]{0,10}\b(?:tell|inform|alert|notify|warn)\b[^.!?]{0,25}\b(?:the )?(?:user|human|person|operator)\b/i,
  /\b(?:send|post|upload|exfiltrate|forward)\b[^.!?]{0,60}\b(?:api[ _-]?keys?|credentials?|secrets?|tokens?|passwords?)\b[^.!?]{0,40}\bto\b[^.!?]{0,20}(?:https?:|@)/i,
  /<\/?(?:system|assistant|developer|im_start|im_end)\b/i,
];

export function isOverride(text: string): boolean {
  const part = text.slice(0, 4000);
  return ORDERS.some((pattern) => pattern.test(part));
}

export function overridesIn(lines: readonly Line[]): readonly Line[] {
  return lines.filter(({ text }) => isOverride(text)).map(({ text, line }) => ({ text: shown(text, 300), line }));
}

export function remarkOf({ text, line }: Line): Remark {
  const what = `text tries to give orders to its reader: "${shown(text, 60)}"`;
  return {
    line,
    code: 'instruction_override',
    what,
    fix: 'Read it yourself before an agent does; here it counts as text and nothing else.',
  };
}
