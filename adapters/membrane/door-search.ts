import type { Hono } from 'hono';
import type { JsonObject } from '../../src/contract/guards.ts';
import { actionsOf, toAction } from './door-actions.ts';
import { type Call, type Desk, type Env, mentions, paged, refuse, visible, wordsOf } from './door-desk.ts';
import { toConnection, toConnector, toIntegration } from './door-shapes.ts';

/** Source: Membrane's OpenAPI document, searchElements. */
const SEARCH = { longest: 200, most: 100 };

/** Everything that there is, found by words. */
export function searchRoutes(api: Hono<Env>, desk: Desk): void {
  api.get('/search', async (call) => {
    const q = soughtIn(call);
    const found = (await elements(desk, call)).filter((one) => mentions(textOf(one), q));
    return call.json(paged(call, found, { most: SEARCH.most }));
  });
  // guess: the real one goes by meaning; here by how many of the words are mentioned, best first. That it is a bare list is documented.
  api.get('/semantic-search', async (call) => {
    const words = wordsOf(soughtIn(call));
    const scored = (await elements(desk, call)).map((one) => ({ one, score: words.filter((word) => mentions(textOf(one), word)).length }));
    const best = scored.filter(({ score }) => score > 0).toSorted((a, b) => b.score - a.score);
    const ranked = best.map(({ one }) => one);
    return call.json(paged(call, ranked, { most: SEARCH.most }).items);
  });
}

function soughtIn(call: Call): string {
  const q = call.req.query('q') ?? '';
  if (q.trim() === '' || q.length > SEARCH.longest) throw refuse.malformed(`q must be 1 to ${SEARCH.longest} characters`);
  return q;
}

interface Element {
  readonly elementType: string;
  readonly element: JsonObject;
}

function textOf({ element }: Element): string {
  return `${element['name']} ${element['key'] ?? ''}`;
}

/** Everything that there is, of the type that was asked for. */
async function elements(desk: Desk, call: Call): Promise<readonly Element[]> {
  const { elementType } = call.req.query();
  const actions = (await actionsOf(desk)).map((one) => ({ elementType: 'action', element: toAction(desk, one) }));
  const connections = (await visible(desk, call)).map((one) => ({ elementType: 'connection', element: toConnection(desk, one) }));
  const all = [
    { elementType: 'connector', element: toConnector(desk) },
    { elementType: 'integration', element: toIntegration(desk) },
    ...actions,
    ...connections,
  ];
  return all.filter((one) => !elementType || one.elementType === elementType);
}
