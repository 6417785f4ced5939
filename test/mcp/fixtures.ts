/** The tools that the conformance suite calls by name, made with what our own tools are made with: the same results, errors, questions and signatures. */
import { inputRequired } from '@modelcontextprotocol/server';
import { RouterError } from '../../src/contract/errors.ts';
import { stringAt } from '../../src/contract/guards.ts';
import { ADDS } from '../../src/mcp/hints.ts';
import { answered } from '../../src/mcp/results.ts';
import type { Tool, ToolRequest, ToolResult } from '../../src/mcp/tool.ts';

const CALLS: Readonly<Record<string, (request: ToolRequest) => Promise<ToolResult>>> = {
  test_simple_text: async () => said('This is a simple text response for testing.'),
  test_error_handling: async () => {
    throw new RouterError('conflict', { what: 'this tool intentionally returns an error for testing', next: 'Nothing.' });
  },
  test_tool_with_progress: async ({ progress }) => {
    for (const step of ['one', 'two', 'three']) progress(step);
    return said('done');
  },
  test_input_required_result_elicitation: async ({ answer }) => {
    const { answer: reply, content } = answer('user_name');
    if (reply === 'none') return inputRequired({ inputRequests: { user_name: ask('What is your name?', 'name') } });
    return said(`Hello, ${stringAt(content, 'name')}!`);
  },
  test_input_required_result_request_state: (request) => confirmed(request, 'state-ok'),
  test_input_required_result_tampered_state: (request) => confirmed(request, 'untouched'),
  test_input_required_result_multi_round: async ({ rounds, answer, sign }) => {
    if (rounds?.linked === 'step2' && answer('step2').answer === 'accept') return said('done');
    const step = rounds ? 'step2' : 'step1';
    return inputRequired({ inputRequests: { [step]: ask(step, 'text') }, requestState: await sign({ call: 'test', linked: step }) });
  },
};

export const FIXTURES: readonly Tool[] = Object.entries(CALLS).map(([name, call]) => ({
  name,
  title: name,
  description: 'A tool of the conformance suite',
  inputSchema: { type: 'object', additionalProperties: false },
  outputSchema: { type: 'object' },
  annotations: ADDS,
  call: (_, request) => call(request),
}));

async function confirmed({ rounds, answer, sign }: ToolRequest, says: string): Promise<ToolResult> {
  if (rounds?.call === 'test' && answer('confirm').answer === 'accept') return said(says);
  return inputRequired({ inputRequests: { confirm: ask('Please confirm', 'ok') }, requestState: await sign({ call: 'test' }) });
}

function ask(message: string, field: string) {
  const properties = { [field]: { type: 'string' as const } };
  return inputRequired.elicit({ message, requestedSchema: { type: 'object' as const, properties, required: [field] } });
}

function said(text: string): ToolResult {
  return answered([text], {});
}
