import { parsed } from '../../src/binding/stringified.ts';
import { isObject, type JsonObject, stringAt } from '../../src/contract/guards.ts';
import { type ArgumentNames, readArguments, sessionIn } from './rube-arguments.ts';
import { type Envelope, failureOf, type RubeCall, type RubeDesk, RubeRefusal, sessionOf } from './rube-desk.ts';
import { executeTool, type ItemResult } from './rube-item.ts';
import { shortened } from './rube-size.ts';

const KNOWN: ArgumentNames = {
  names: ['tools', 'thought', 'sync_response_to_workbench', 'current_step', 'current_step_metric', 'session_id'],
  // `memory` was part of it until 2026, and public skills say to send it always; here nothing is remembered between calls.
  also: ['memory', 'next_step', 'session'],
};
const MOST_TOOLS = 50;

/** MULTI_EXECUTE_TOOL: up to 50 independent tools at once, the results in the order of the calls. */
export async function multiExecute(desk: RubeDesk, call: RubeCall, raw: unknown): Promise<Envelope> {
  const args = readArguments(raw, KNOWN);
  const session = sessionOf(sessionIn(args), call.prefix);
  const items = readItems(args['tools']);
  let done = 0;
  const run = async (item: unknown, index: number): Promise<ItemResult> => {
    const result = await executeItem(desk, call, item, index);
    done += 1;
    await call.progress(done, items.length, `${done} of ${items.length} tools`);
    return result;
  };
  const cut = shortened(await Promise.all(items.map(run)));
  const failed = cut.results.filter(({ error }) => error !== null).length;
  const notes = [...cut.notes, ...(args['sync_response_to_workbench'] === true ? [NO_WORKBENCH] : [])];
  return {
    data: {
      results: cut.results,
      total_count: items.length,
      success_count: items.length - failed,
      error_count: failed,
      remote_file_info: null,
      ...(notes.length > 0 ? { next_steps: notes.join(' ') } : {}),
      ...session,
    },
    // guess: as a search does, which is documented: not successful when one of them is not.
    error: failed === 0 ? null : `${failed} out of ${items.length} tools failed; the error of each stands in its result.`,
    successful: failed === 0,
  };
}

const NO_WORKBENCH = 'There is no workbench here: the results are all in this answer.';

function readItems(raw: unknown): readonly unknown[] {
  const tools = typeof raw === 'string' ? parsed(raw) : raw;
  const example = '[{"tool_slug": "CLOSE_WHO_AM_I", "arguments": {}}]';
  if (!Array.isArray(tools) || tools.length === 0)
    throw new RubeRefusal(`tools must be a list of at least one, e.g. ${example}. Nothing was run.`);
  if (tools.length > MOST_TOOLS) {
    throw new RubeRefusal(
      `tools has ${tools.length} entries; at most ${MOST_TOOLS} are run in one call. Nothing was run: split them into several calls.`,
    );
  }
  return tools;
}

/** What is wrong with one item is that item's error, a bug included; what the others did is not lost with it. */
function executeItem(desk: RubeDesk, call: RubeCall, item: unknown, index: number): Promise<ItemResult> {
  const slug = stringAt(item, 'tool_slug') ?? '';
  const strangers = isObject(item) ? Object.keys(item).filter((name) => name !== 'tool_slug' && name !== 'arguments') : [];
  const args = argumentsOf(item);
  if (slug === '') return refused('', index, 'tool_slug must be the name of a tool');
  if (strangers.length > 0)
    return refused(slug, index, `an entry has tool_slug and arguments only, not ${strangers.slice(0, 5).join(', ').slice(0, 100)}`);
  if (args === undefined) return refused(slug, index, 'arguments must be an object');
  return executeTool(desk, call, { slug, args, index }).catch((error: unknown) => {
    const { error: told } = failureOf(error);
    return { tool_slug: slug.slice(0, 100), index, response: null, error: told };
  });
}

function argumentsOf(item: unknown): JsonObject | undefined {
  const raw = isObject(item) ? (item['arguments'] ?? {}) : undefined;
  const args = typeof raw === 'string' ? parsed(raw) : raw;
  return isObject(args) ? args : undefined;
}

async function refused(slug: string, index: number, problem: string): Promise<ItemResult> {
  return { tool_slug: slug.slice(0, 100), index, response: null, error: `tools[${index}]: ${problem}. It was not run.` };
}
