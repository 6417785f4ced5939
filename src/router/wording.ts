import type { z } from 'zod';

type Issue = z.core.$ZodIssue;
type Bound = Extract<Issue, { code: 'too_small' | 'too_big' }>;

/** What is wrong, as people say it. Where the catalogue has words of its own, they stay; zod's are replaced. */
export function worded(issue: Issue): string {
  switch (issue.code) {
    case 'too_small':
      return isZods(issue) ? tooSmall(issue, Number(issue.minimum)) : issue.message;
    case 'too_big':
      return isZods(issue) ? `must ${bounded(issue, Number(issue.maximum), 'at most')}` : issue.message;
    case 'invalid_format':
      return isZods(issue) ? (FORMS[issue.format] ?? 'has not the form that this field needs') : issue.message;
    case 'invalid_type':
      return `must be ${article(issue.expected)}`;
    case 'invalid_value':
      return `must be one of ${issue.values.map(String).join(', ')}`;
    case 'invalid_union':
      return union(issue.errors);
    default:
      return lowerFirst(issue.message);
  }
}

export function article(expected: string): string {
  const named = expected === 'int' ? 'integer' : expected;
  return /^[aeiou]/.test(named) ? `an ${named}` : `a ${named}`;
}

const FORMS: Readonly<Record<string, string>> = {
  email: 'must be an e-mail address, user@host',
  url: 'must be a web address, https://…',
};

/** zod's own message, not one that the catalogue gave. */
function isZods({ message }: Issue): boolean {
  return /^(?:Too (?:small|big)|Invalid)\b/.test(message);
}

function tooSmall(issue: Bound, least: number): string {
  const filled = issue.origin === 'string' || issue.origin === 'array';
  return filled && least === 1 && !issue.exact ? 'must not be empty' : `must ${bounded(issue, least, 'at least')}`;
}

function bounded({ origin, exact, inclusive }: Bound, count: number, word: string): string {
  const how = exact ? 'exactly' : word;
  if (origin === 'string') return `have ${how} ${counted(count, 'character')}`;
  if (origin === 'array' || origin === 'set') return `have ${how} ${counted(count, origin === 'array' ? 'entry' : 'value')}`;
  if (inclusive === false) return word === 'at least' ? `be more than ${count}` : `be less than ${count}`;
  return `be ${how} ${count}`;
}

function counted(count: number, noun: string): string {
  return `${count} ${count === 1 ? noun : noun.replace(/y$/, 'ie')}${count === 1 ? '' : 's'}`;
}

/** What each form would need; the same said by several is said once. */
function union(branches: readonly (readonly Issue[])[]): string {
  const needs = new Set(branches.flatMap((branch) => branch.map(worded)));
  return [...needs].slice(0, 3).join(', or ') || 'has none of the allowed forms';
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
