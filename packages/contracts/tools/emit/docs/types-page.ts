import type { JsonSchema } from '../../../src/model/json-schema.ts';
import type { TypesContract } from '../../../src/model/types-contract.ts';
import { anchor, code, page, table, typeText } from './markdown.ts';

/** docs/reference/types.md */
export function typesPage(files: readonly TypesContract[]): string {
  const introduction = `What the arguments, results and variables of [interfaces.md](interfaces.md) hold. A type is named \`/<file>#/<Name>\` in contracts and
imported in TypeScript as \`import type { Name } from '@chargemesh/contracts/types/<file>'\`.`;
  return page('Types', introduction, files.map(section));
}

function section({ file, description, types }: TypesContract): string {
  const parts = Object.entries(types).map(([name, schema]) => typeSection(file, name, schema));
  return `## ${file}\n\n${description}\n\n${parts.join('\n')}`;
}

function typeSection(file: string, name: string, schema: JsonSchema): string {
  const head = `<a id="${anchor(file, name)}"></a>\n\n### ${name}\n\n${schema.description ?? ''}\n\n`;
  if (!schema.properties) return `${head}${typeText(schema)}\n`;
  const required = new Set(schema.required ?? []);
  const rows = Object.entries(schema.properties).map(([property, part]) => [
    code(property),
    part.description ?? '',
    typeText(part),
    required.has(property) ? 'yes' : '',
  ]);
  return `${head}${table(['member', 'holds', 'type', 'required'], rows)}`;
}
