import type { FieldProblem } from '../../src/contract/errors.ts';
import { CODE, Refusal } from './door-desk.ts';

/** What a field has to be; undefined: it is. */
type Rule = (value: unknown) => string | undefined;

/** Rules that the descriptors carry and the SDK does not check. Source: backends page §2, read from @scalekit-sdk/node 2.11.0. */
export const RULES = {
  connector: text({ most: 400, form: /^[a-zA-Z0-9_: -]*$/ }),
  identifier: text({ most: 100 }),
  verifiedIdentifier: text({ least: 1, most: 200 }),
  accountId: text({ most: 32, form: /^(?:$|ca_)/ }),
  anyAccountId: text({ most: 100 }),
  shortId: text({ most: 32 }),
  longId: text({ most: 100 }),
  provider: text({ most: 50 }),
  query: text({ most: 100 }),
  search: text({ least: 3, most: 100 }),
  pageToken: text({ most: 100 }),
  accountPage: number(99),
  connectionPage: number(30),
  names: list(20),
  userVerifyUrl: text({ most: 2048, form: /^$|^https?:\/\// }),
  state: text({ most: 512 }),
  authRequestId: text({ least: 1, most: 1000 }),
  toolName: text({ least: 1 }),
  required: text({ least: 1, most: 100 }),
} as const;

/** Checks the fields that are there. Throws the refusal that names every one that is wrong. */
export function enforce(checks: readonly (readonly [field: string, value: unknown, rule: Rule])[]): void {
  const fields: readonly FieldProblem[] = checks.flatMap(([path, value, rule]) => {
    const problem = value === undefined ? undefined : rule(value);
    return problem === undefined ? [] : [{ path, problem }];
  });
  if (fields.length > 0) throw new Refusal(CODE.invalid, fields.map(({ path, problem }) => `${path}: ${problem}`).join('; '), { fields });
}

function text({ least = 0, most = Number.POSITIVE_INFINITY, form }: { least?: number; most?: number; form?: RegExp }): Rule {
  return (value) => {
    const length = [...String(value)].length;
    if (length < least) return `must have at least ${least} characters`;
    if (length > most) return `must have at most ${most} characters`;
    return form && !form.test(String(value)) ? `must match ${form.source}` : undefined;
  };
}

function number(most: number): Rule {
  return (value) => (Number(value) > most ? `must be at most ${most}` : undefined);
}

function list(most: number): Rule {
  return (value) => (Array.isArray(value) && value.length > most ? `must have at most ${most} items` : undefined);
}
