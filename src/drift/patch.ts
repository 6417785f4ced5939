import { stringify } from 'yaml';
import type { DriftProposal, DriftReport } from '../contract/drift.ts';
import { SURE } from './alike.ts';

const HEAD = ` Cells that "skillrouter drift" proposes. Names that mean the same were guessed: read every cell before you use it.
 In a checkout: node src/binding/amend.ts <this file> && npm run generate
 In a program: the cells of a backend go into createRouter({ bindings: [{ backend, app, cells }] }).`;

/** Wider than any cell. */
const WIDTH = 140;

/** The proposals as YAML, one document per backend, in the words of the binding files. undefined: there is nothing to propose. */
export function patchOf({ app, backends }: DriftReport, { adopt }: { readonly adopt: boolean }): string | undefined {
  const documents = backends.flatMap(({ backend, proposals }) => {
    const chosen = proposals.filter((proposal) => isMeant(proposal, adopt));
    const bindings = Object.fromEntries(chosen.map(({ operation, cell }) => [operation, cell]));
    return chosen.length > 0
      ? [stringify({ backend, app, bindings }, { lineWidth: WIDTH, collectionStyle: 'any', aliasDuplicateObjects: false })]
      : [];
  });
  if (documents.length === 0) return undefined;
  const head = HEAD.split('\n').map((line) => `#${line}`);
  return `${head.join('\n')}\n${documents.map((text) => `---\n${text}`).join('')}`;
}

function isMeant({ optional, confidence }: DriftProposal, adopt: boolean): boolean {
  return confidence >= SURE && (adopt || !optional);
}
