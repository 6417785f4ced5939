import { describe, expect, it } from 'vitest';
import { STORES } from '../support/stores.ts';
import { tellStory } from './story.ts';

describe.each(STORES)('a whole migration under load, on $store', ({ place, missing }) => {
  const itThere = missing === undefined ? it : it.skip;

  // How long following takes is the story's own figure; a busy machine is no reason to fail here.
  itThere('fails nobody, and does nothing twice', async () => {
    await using there = await place();
    const { parts, failed, duplicates, lost, untold, plan, compared } = await tellStory({
      users: 10,
      callers: 3,
      replicas: 2,
      rounds: 2,
      store: there.path,
    });
    expect({ failed, duplicates, lost, untold }).toEqual({ failed: [], duplicates: 0, lost: 0, untold: 0 });
    expect(plan.users.map(({ does }) => does)).toEqual(Array.from({ length: 10 }, () => 'move'));
    const by = Object.fromEntries(parts.map((part) => [part.name, Object.keys(part.by).toSorted()]));
    expect(by['all on composio']).toEqual(['composio']);
    expect(by['cutover, all users']).toEqual(['scalekit']);
    expect(by['all back']).toEqual(['composio']);
    expect(compared.some(({ equal }) => equal > 0)).toBe(true);
    expect(compared.every(({ different }) => different === 0)).toBe(true);
  });
});
