/** The frontmatter against the standard: six keys, each with its form. */

import { nearest } from '../../catalog/nearest.ts';
import { isObject, stringAt } from '../../contract/guards.ts';
import type { Remark } from '../diagnostics.ts';
import type { Head } from './head.ts';

const KEYS = ['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools'];

/** `folder`: the name of the folder, where the file is a SKILL.md of its own. */
export function headRemarks(head: Head, folder: string | undefined): readonly Remark[] {
  if (head.by === 'none') {
    return [
      {
        line: 1,
        code: 'missing_frontmatter',
        what: 'there is no frontmatter',
        fix: 'Begin the file with ---, name, description, ---: hosts skip it otherwise.',
      },
    ];
  }
  return [...head.remarks, ...nameRemarks(head, folder), ...descriptionRemarks(head), ...unknownKeys(head), ...metadataRemarks(head)];
}

function lineOf({ lines }: Head, key: string): number {
  return lines[key] ?? 1;
}

function nameRemarks(head: Head, folder: string | undefined): readonly Remark[] {
  const name = stringAt(head.values, 'name') ?? '';
  const line = lineOf(head, 'name');
  const invalid = (what: string, fix: string): Remark => ({ line, code: 'name_invalid', what, fix });
  if (name === '') return [invalid('the name is missing', 'Write name: and the name of the folder.')];
  return [
    ...(/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name) && name.length <= 64
      ? []
      : [invalid('the name is not made of lower-case letters, digits and single hyphens, 64 at most', 'Rename the skill and its folder.')]),
    ...(head.coerced.includes('name')
      ? [invalid('YAML does not read the name as text', `Put it into quotes: "${name.slice(0, 64)}".`)]
      : []),
    ...(folder === undefined || folder === name
      ? []
      : [
          {
            line,
            code: 'name_not_folder',
            what: `the folder is ${JSON.stringify(folder.slice(0, 64))}`,
            fix: 'Give both the same name: hosts go by one or the other.',
          } as const,
        ]),
  ];
}

function descriptionRemarks(head: Head): readonly Remark[] {
  const description = stringAt(head.values, 'description') ?? '';
  const remark = (what: string, fix: string): Remark => ({ line: lineOf(head, 'description'), code: 'description_invalid', what, fix });
  if (description.trim() === '')
    return [remark('the description is missing', 'Say what the skill does and when to use it: hosts skip it otherwise.')];
  return [
    ...(description.length > 1024 ? [remark(`the description has ${description.length} characters`, 'Shorten it to 1024 or fewer.')] : []),
    ...(/[<>]/.test(description) ? [remark('the description holds angle brackets', 'Write it without < and >.')] : []),
  ];
}

function unknownKeys(head: Head): readonly Remark[] {
  return Object.keys(head.values)
    .filter((key) => !KEYS.includes(key))
    .map((key) => {
      const [close] = key.length > 3 ? nearest(key, KEYS, 1).filter((one) => Math.abs(one.length - key.length) < 3) : [];
      const fix =
        close === undefined ? 'Move it below metadata; validators refuse it.' : `Did you mean ${close}? Otherwise move it below metadata.`;
      return {
        line: lineOf(head, key),
        code: 'unknown_key',
        what: `the key ${JSON.stringify(key.slice(0, 40))} belongs to no standard`,
        fix,
      };
    });
}

function metadataRemarks(head: Head): readonly Remark[] {
  const { metadata } = head.values;
  if (metadata === undefined) return [];
  const line = lineOf(head, 'metadata');
  const remark = (what: string): Remark => ({ line, code: 'metadata_not_text', what, fix: 'Write one key per line, each with a text.' });
  if (!isObject(metadata)) return [remark('metadata is no map')];
  const odd = Object.entries(metadata).filter(([, value]) => typeof value !== 'string');
  return odd.map(([key]) => remark(`metadata.${key.slice(0, 40)} is no text`));
}
