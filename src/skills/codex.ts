import type { OperationPage } from '../catalog/describe.ts';
import { titled } from './head.ts';

/**
 * `agents/openai.yaml`: what Codex shows of a skill, and the MCP server that it needs. Every value is a quoted text on one line.
 * Source: developers.openai.com/codex/skills.md
 */
export function codexSidecar(app: string, pages: readonly OperationPage[]): string {
  const writes = pages.some(({ effect }) => effect !== 'read');
  const text = (value: string): string => JSON.stringify(value);
  return `interface:
  display_name: ${text(titled(app))}
  short_description: ${text(`${writes ? 'Read and change' : 'Read'} ${titled(app)} records over any connection`)}
  default_prompt: ${text(`Use $${app} to look something up in ${titled(app)}.`)}
policy:
  allow_implicit_invocation: true
dependencies:
  tools:
    - type: ${text('mcp')}
      value: ${text('skillrouter')}
      description: ${text(`Runs ${titled(app)} operations through whichever connection is active`)}
      transport: ${text('stdio')}
      command: ${text('skillrouter mcp')}
`;
}
