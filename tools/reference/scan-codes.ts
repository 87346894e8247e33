import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandErrorTypes } from '@chargemesh/framework';

/** Where an error gets its code: what stands up to the first comma of a constructor's arguments, or behind `code`. */
const PLACES = [
  /\bnew \w*(?:Error|Refused|Fault)\(\s*([^,]{0,200})/g,
  /\bsuper\(\s*([^,]{0,200})/g,
  /\bcode\b\s*[:=](?!=)\s*([^;]{0,120}?)[;\n]/g,
];
/** Codes of these families are found wherever they stand, since findings are made by small functions of their own. */
const FAMILIES = /'((?:CONFIG|OCPP_CONFIG|OCPP|CLI|MESH|MODULE)_[A-Z0-9_]+)'/g;

/** Node's own codes, which its documentation explains. */
const NODE = 'ERR_';

/** Codes that errors and findings of the packages can have, sorted. What only tests use is left out. */
export function usedCodes(root: string): string[] {
  const codes = new Set(commandErrorTypes.map((type) => `COMMAND_${type.toUpperCase()}`));
  const files = globSync('packages/*/src/**/*.ts', { cwd: root }).filter(
    (path) => !path.includes('/generated/') && !path.startsWith('packages/testkit/'),
  );
  for (const path of files) {
    const text = readFileSync(join(root, path), 'utf8');
    for (const place of PLACES)
      for (const [, part = ''] of text.matchAll(place))
        for (const [, code = ''] of part.matchAll(/'([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*)'/g)) codes.add(code);
    for (const [, code = ''] of text.matchAll(FAMILIES)) codes.add(code);
  }
  return [...codes].filter((code) => !code.startsWith(NODE)).sort();
}
