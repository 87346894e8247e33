import type { RunReport } from '../run/run-scenario.ts';

/** The reports of a number of runs as JUnit's XML, which build servers read. */
export function junit(reports: readonly RunReport[]): string {
  const cases = reports.map(({ name, file, tookMs, failures, skipped }) => {
    const open = `<testcase name="${asXml(name)}" classname="${asXml(file)}" time="${(tookMs / 1000).toFixed(3)}"`;
    if (skipped !== undefined) return `  ${open}>\n    <skipped message="${asXml(skipped)}"/>\n  </testcase>`;
    if (failures.length === 0) return `  ${open}/>`;
    const [first = ''] = failures;
    return `  ${open}>\n    <failure message="${asXml(first)}">${asXml(failures.join('\n'))}</failure>\n  </testcase>`;
  });
  const failed = reports.filter(({ failures }) => failures.length > 0).length;
  const skipped = reports.filter((report) => report.skipped !== undefined).length;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuite name="scenarios" tests="${reports.length}" failures="${failed}" skipped="${skipped}">`,
    ...cases,
    '</testsuite>',
    '',
  ].join('\n');
}

function asXml(text: string): string {
  return text.replaceAll(/[<>&"\n]/g, (found) => `&#${found.charCodeAt(0)};`);
}
