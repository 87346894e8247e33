import { configurationKeysPage } from './configuration-keys-page.ts';
import { configurationSchema } from './configuration-schema.ts';

/** The root of the repository. */
export const repository: URL = new URL('../../../', import.meta.url);

/** What is made from the key table: paths in the repository, and what belongs there. */
export function generatedFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['schemas/ocpp-config.schema.json', `${formatJson(configurationSchema())}\n`],
    ['docs/reference/ocpp-configuration-keys.md', configurationKeysPage()],
  ]);
}

/** JSON in the form that the repository's formatter wants: short lists stand on one line. */
function formatJson(value: unknown, indent = '', taken = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    const line = `[${value.map((item) => JSON.stringify(item)).join(', ')}]`;
    if (indent.length + taken + line.length < 120) return line;
    return `[\n${value.map((item) => inner + formatJson(item, inner)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).map(([name, member]) => {
    const start = `${JSON.stringify(name)}: `;
    return inner + start + formatJson(member, inner, start.length + 1);
  });
  return `{\n${members.join(',\n')}\n${indent}}`;
}
