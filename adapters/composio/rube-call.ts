import type { JsonObject } from '../../src/contract/guards.ts';
import { objectOf } from './rube-arguments.ts';
import { type Envelope, failureOf, PREFIXES, type RubeCall, type RubeDesk } from './rube-desk.ts';
import { executeTool } from './rube-item.ts';
import { UNSERVED, unserved } from './rube-refused.ts';
import { shortened } from './rube-size.ts';
import { META_TOOLS, type MetaTool } from './rube-tools.ts';

/** A tool that the door answers to, listed or not. */
export type Answer = (desk: RubeDesk, call: RubeCall, args: unknown) => Promise<Envelope>;

/** What a name means: a meta tool under either prefix, or one of the app's tools called by itself. undefined: nothing. */
export function answerTo(desk: RubeDesk, name: string): { readonly prefix?: RubeCall['prefix']; readonly answer: Answer } | undefined {
  const prefix = PREFIXES.find((one) => name.startsWith(one));
  const slug = prefix === undefined ? desk.toolbox.named(name) : undefined;
  if (slug !== undefined) return { answer: (at, call, args) => runAlone(at, call, slug, args) };
  if (prefix === undefined) return undefined;
  const bare = name.slice(prefix.length);
  const tool = metaTool(bare);
  if (tool) return { prefix, answer: (at, call, args) => tool.run(at, call, args) };
  const gone = Object.hasOwn(UNSERVED, bare) ? UNSERVED[bare] : undefined;
  return gone && { prefix, answer: async (_, call) => unserved(gone, call.prefix) };
}

/** Answers a call. Whatever goes wrong is an envelope too. */
export async function answered(desk: RubeDesk, call: RubeCall, answer: Answer, args: unknown): Promise<Envelope> {
  try {
    return await answer(desk, call, args);
  } catch (error) {
    return failureOf(error);
  }
}

function metaTool(bare: string): MetaTool | undefined {
  if (Object.hasOwn(META_TOOLS, bare)) return META_TOOLS[bare];
  return Object.values(META_TOOLS).find(({ formerly }) => formerly === bare);
}

/** guess: an app's tool that is called by itself answers as it does where Composio lists it by itself. */
async function runAlone(desk: RubeDesk, call: RubeCall, slug: string, raw: unknown): Promise<Envelope> {
  const whole = await executeTool(desk, call, { slug, args: objectOf(raw), index: 0 });
  const { results, notes } = shortened([whole]);
  const { response, error, error_details } = results[0] ?? whole;
  const details: JsonObject = error_details === undefined ? {} : { error_details };
  if (!response) return { data: {}, error, successful: false, ...details };
  const data = notes.length === 0 ? response.data : { ...response.data, next_steps: notes.join(' ') };
  return { ...response, data, ...details };
}
