import type { Fault } from '../sandbox/faults.ts';

/** What goes wrong with every request that carries an operation. The more that is lost, the less may be claimed. */
export interface Trouble {
  readonly when: string;
  /**
   * `lost`: no answer. `unreadable`: a success that nobody can read. `broken`: a server says that it failed.
   * `refused`: somebody says no, with `status`.
   */
  readonly kind: 'lost' | 'unreadable' | 'broken' | 'refused';
  readonly status?: number;
  fault(planted: Planted): Fault;
}

/** What an answer holds that must never be told on. */
export interface Planted {
  readonly path: RegExp;
  readonly secret: string;
}

/** Stands for what an app knows of people. */
export const ADDRESS = 'ingrid.planted@example.com';
export const PERSON = `Ingrid Planted <${ADDRESS}>`;

const ALWAYS = { times: 'always' } as const;

const lost = (when: string, fault: 'before' | 'after' | 'mid-body'): Trouble => ({
  when,
  kind: 'lost',
  fault: ({ path }) => (fault === 'mid-body' ? { when: fault, path, ...ALWAYS } : { when: fault, kind: 'reset', path, ...ALWAYS }),
});

const page = (planted: Planted, title: string): string =>
  `<html><head><title>${title}</title></head><body>${PERSON} ${planted.secret}</body></html>`;

const json = ({ secret }: Planted): object => ({ error: { message: `refused for ${PERSON}`, authorization: secret } });

const refused = (status: number, what: string): Trouble => ({
  when: `the answer is ${status}, ${what}`,
  kind: 'refused',
  status,
  fault: (planted) => ({
    when: 'before',
    kind: 'status',
    status,
    path: planted.path,
    body: json(planted),
    ...(status === 429 ? { headers: { 'retry-after': '7' } } : {}),
    ...ALWAYS,
  }),
});

export const TROUBLES: readonly Trouble[] = [
  lost('the connection is reset before the far side has heard of it', 'before'),
  lost('the connection is reset after the far side has done it', 'after'),
  lost('the connection drops in the middle of the answer', 'mid-body'),
  {
    when: 'a page says 200 instead of doing it',
    kind: 'unreadable',
    fault: (planted) => ({ when: 'before', kind: 'html', status: 200, path: planted.path, body: page(planted, 'Welcome'), ...ALWAYS }),
  },
  {
    when: 'only half of the answer comes, as if it were whole',
    kind: 'unreadable',
    fault: ({ path }) => ({ when: 'after', kind: 'truncate', path, ...ALWAYS }),
  },
  {
    when: 'a page says 502 after the far side has done it',
    kind: 'broken',
    status: 502,
    fault: (planted) => ({ when: 'after', kind: 'html', status: 502, path: planted.path, body: page(planted, 'Bad Gateway'), ...ALWAYS }),
  },
  {
    when: 'an empty 503 comes after the far side has done it',
    kind: 'broken',
    status: 503,
    fault: ({ path }) => ({ when: 'after', kind: 'status', status: 503, path, ...ALWAYS }),
  },
  {
    when: 'the far side fails with 500 after it has done it',
    kind: 'broken',
    status: 500,
    fault: (planted) => ({ when: 'after', kind: 'status', status: 500, path: planted.path, body: json(planted), ...ALWAYS }),
  },
  refused(401, 'a credential is refused'),
  refused(403, 'a right is missing'),
  refused(404, 'there is no such thing'),
  refused(429, 'wait seven seconds'),
];
