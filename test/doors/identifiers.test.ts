import { describe, expect, it } from 'vitest';
import { USER } from '../contract/clients.ts';
import { startingWorld } from '../contract/reference.ts';
import { type Adapted, adapt, NAMES, type Name } from '../contract/rig.ts';

/** Each looks like somebody else to whoever strips, folds or cuts it. */
const USERS = [
  ['a line break and a header', `${USER}\r\nidentifier: bob`],
  ['a line break at its end', `${USER}\r\n`],
  ['letters beyond ASCII', 'usér✓'],
  ['nothing but letters beyond Latin-1', '日本 🦊'],
  ['300 characters', USER.padEnd(300, 'a')],
  ['a path', `../${USER}`],
  ['a query', `${USER}&user_ids=bob`],
] as const;

/** A Scalekit identifier travels as an HTTP header, and a REST key belongs to a user of the configuration. */
const REFUSES: Readonly<Record<Name, readonly string[] | 'all' | 'none'>> = {
  composio: 'none',
  membrane: 'none',
  rest: 'all',
  scalekit: [
    'a line break and a header',
    'a line break at its end',
    'letters beyond ASCII',
    'nothing but letters beyond Latin-1',
    '300 characters',
  ],
};

const write = ({ core }: Adapted, user: string) => core.router.run('close.lead.create', { name: 'Northpine' }, { user });

describe.each(NAMES)('over %s, a user whose name has', (name) => {
  const refuses = (what: string): boolean => REFUSES[name] === 'all' || REFUSES[name].includes(what);

  it.each(USERS)('%s is never taken for another', async (_, user) => {
    await using adapted = await adapt(name, startingWorld());
    const report = await write(adapted, user);
    expect(report).toMatchObject({ ok: false });
    expect(adapted.stage.calls).toEqual([]);
    const { connections } = await adapted.core.router.connections.list({ app: 'close', user });
    // A link for this very user may wait by now, as the refusal offers one.
    for (const one of connections) expect(one).toMatchObject({ user, status: 'pending' });
  });

  it.each(USERS.filter(([what]) => !refuses(what)))('%s uses their own connection', async (_, user) => {
    await using adapted = await adapt(name, startingWorld());
    const own = adapted.sandbox.connect(name, user);
    expect(await write(adapted, user)).toMatchObject({ ok: true, receipt: { route: { connection: own.id } } });
    expect(adapted.stage.current.ledger()).toHaveLength(1);
  });
});

describe('over scalekit, where an identifier travels as a header, a user whose name has', () => {
  it.each(USERS.filter(([what]) => REFUSES.scalekit.includes(what)))('%s is told so before anything is sent', async (_, user) => {
    await using adapted = await adapt('scalekit', startingWorld());
    adapted.sandbox.connect('scalekit', user);
    expect(await write(adapted, user)).toMatchObject({ ok: false });
    const { unreachable } = await adapted.core.router.connections.list({ app: 'close', user });
    expect(unreachable).toMatchObject([{ code: 'invalid_input', message: expect.stringContaining('printable ASCII') }]);
    expect(adapted.sandbox.requests()).toEqual([]);
  });
});
