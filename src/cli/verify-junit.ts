import type { Verification, VerifiedCell } from '../contract/verification.ts';

/** The report as JUnit XML: a suite per backend, a case per operation. Builds understand it. */
export function junitOf({ plan, cells }: Verification): string {
  const suites = plan.backends.map(({ backend }) => {
    const own = cells.filter((cell) => cell.backend === backend);
    const failures = own.filter(isBad).length;
    const skipped = own.filter(isSkipped).length;
    const head = `<testsuite name="${escaped(backend)}" tests="${own.length}" failures="${failures}" skipped="${skipped}">`;
    return `${head}\n${own.map(caseOf).join('\n')}\n</testsuite>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="skillrouter verify">\n${suites.join('\n')}\n</testsuites>\n`;
}

function caseOf(cell: VerifiedCell): string {
  const open = `<testcase classname="${escaped(cell.backend)}" name="${escaped(cell.operation)}"`;
  const told = cell.findings.map(({ path, what }) => (path === undefined ? what : `${path}: ${what}`)).join('\n');
  if (isBad(cell)) return `${open}><failure type="${cell.verdict}">${escaped(told)}</failure></testcase>`;
  return isSkipped(cell) ? `${open}><skipped message="${escaped(told)}"/></testcase>` : `${open}/>`;
}

function isBad({ verdict }: VerifiedCell): boolean {
  return verdict === 'different' || verdict === 'failed';
}

function isSkipped({ verdict }: VerifiedCell): boolean {
  return verdict === 'skipped' || verdict === 'missing';
}

function escaped(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ').replaceAll(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
