/** Diagnostics as SARIF 2.1.0, for code scanning. Source: OASIS SARIF 2.1.0, §3 */
import { createHash } from 'node:crypto';
import { isAbsolute, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Diagnostic, RULES } from '../diagnostics.ts';
import type { SkillsReport } from './report.ts';

export interface SarifSource {
  readonly version: string;
  /** Paths are told relative to it. */
  readonly folder: string;
}

export function toSarif({ skills, diagnostics }: SkillsReport, { version, folder }: SarifSource): object {
  const all = [...diagnostics, ...skills.flatMap((skill) => skill.diagnostics)];
  const codes = Object.keys(RULES).filter((code) => all.some((one) => one.code === code));
  return {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'skillrouter', semanticVersion: version, rules: codes.map((code) => ruleOf(code)) } },
        originalUriBaseIds: { ROOT: { uri: withSlash(pathToFileURL(folder).href) } },
        columnKind: 'utf16CodeUnits',
        results: all.map((one) => resultOf(one, codes, folder)),
      },
    ],
  };
}

function ruleOf(code: string): object {
  const rule = Object.entries(RULES).find(([name]) => name === code)?.[1];
  return { id: code, shortDescription: { text: rule?.about ?? code }, defaultConfiguration: { level: rule?.level ?? 'none' } };
}

function resultOf(one: Diagnostic, codes: readonly string[], folder: string): object {
  const place = placeOf(one.file, folder);
  return {
    ruleId: one.code,
    ruleIndex: codes.indexOf(one.code),
    level: one.level,
    message: { text: `${one.what}. ${one.fix}` },
    locations: [{ physicalLocation: { artifactLocation: place, region: { startLine: one.line } } }],
    // The line is left out: what moves is still the same finding.
    partialFingerprints: {
      'skillrouter/v1': createHash('sha256').update(`${place.uri}\n${one.code}\n${one.what}`).digest('hex').slice(0, 32),
    },
  };
}

function placeOf(file: string, folder: string): { readonly uri: string; readonly uriBaseId?: string } {
  const way = relative(folder, file);
  if (isAbsolute(way) || way.startsWith('..')) return { uri: pathToFileURL(file).href };
  return { uri: way.split(/[\\/]/).map(encodeURIComponent).join('/'), uriBaseId: 'ROOT' };
}

function withSlash(url: string): string {
  return url.endsWith('/') ? url : `${url}/`;
}
