/**
 * How a skill is written:
 * `workflows`: by hand, tool sequences with roles. `labels`: one tool behind a label. `template`: generated, names a toolkit and no tool.
 * `actions`: Membrane's table or commands. `wrapper`: workflows under another collection's frontmatter. `reference`: requests or SDK calls.
 */
import type { Head } from './head.ts';
import { isMetaTool } from './names.ts';
import type { Grammar, Use, Word } from './skill.ts';
import type { FoundWorkflow } from './workflows.ts';

interface Signs {
  readonly workflows: readonly FoundWorkflow[];
  readonly uses: readonly Use[];
  readonly words: readonly Word[];
  readonly head: Head;
}

export function grammarOf({ workflows, uses, words, head }: Signs): Grammar {
  const isWrapped = ['risk', 'source', 'date_added', 'source_type', 'source_repo'].some((key) => Object.hasOwn(head.values, key));
  if (workflows.some(({ by }) => by === 'sequence')) return isWrapped ? 'wrapper' : 'workflows';
  if (workflows.length > 0) return 'labels';
  if (uses.some(({ kind }) => kind === 'action')) return 'actions';
  if (uses.length > 0) return 'reference';
  if (words.some(({ text }) => isMetaTool(text))) return 'template';
  return 'plain';
}
