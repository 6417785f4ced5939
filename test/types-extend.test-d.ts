import { expectTypeOf, test } from 'vitest';
import type { ExtendedRouter, Report, SkillRouter } from '../src/index.ts';

declare const router: ExtendedRouter;
declare const plain: SkillRouter;

test('a router with operations of the program’s own keeps the types of those that are built in', () => {
  const made = () => router.run('close.lead.create', { name: 'Acme' });
  expectTypeOf(made).returns.resolves.toEqualTypeOf<Awaited<ReturnType<typeof plainMade>>>();
  // @ts-expect-error no such field
  void (() => router.run('close.lead.create', { name: 'Acme', nmae: 'x' }));
  // @ts-expect-error the name is missing
  void (() => router.explain('close.lead.create', {}));
});

const plainMade = () => plain.run('close.lead.create', { name: 'Acme' });

test('and takes any other name, with an output that has to be looked at', () => {
  expectTypeOf(() => router.run('notes.note.create', { text: 'Hi' })).returns.resolves.toEqualTypeOf<Report<unknown>>();
  expectTypeOf((name: string) => router.run(name, {})).returns.resolves.toEqualTypeOf<Report<unknown>>();
  expectTypeOf(() => router.pages('notes.note.list', {})).returns.toEqualTypeOf<AsyncGenerator<unknown, void, undefined>>();
});

test('a router without them takes no other name', () => {
  // @ts-expect-error there is no such operation
  void (() => plain.run('notes.note.create', { text: 'Hi' }));
});
