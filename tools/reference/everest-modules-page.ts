import { loadContracts } from '../../packages/contracts/src/index.ts';
import { builtinModules } from '../../packages/manager/src/modules/registry.ts';
import { everestModules } from './everest-modules.ts';
import { generatedNote, table } from './markdown.ts';

/**
 * docs/reference/everest-modules.md: which of EVerest's modules are here.
 * @throws RangeError where a module with code here is not in the table
 */
export function everestModulesPage(): string {
  const contracts = loadContracts();
  const described = new Set(contracts.moduleNames);
  const listed = new Set(Object.values(everestModules).flatMap((modules) => modules.map(({ name }) => name)));
  const unlisted = Object.keys(builtinModules).filter((name) => !listed.has(name));
  if (unlisted.length > 0) throw new RangeError(`tools/reference/everest-modules.ts lacks ${unlisted.join(', ')}`);
  const linked = (name: string): string => (described.has(name) ? `[${name}](modules.md#${name.toLowerCase()})` : name);
  const rows = Object.entries(everestModules).flatMap(([topic, modules]) => {
    const here = modules.filter(({ name }) => Object.hasOwn(builtinModules, name));
    // Those with the same in their place share a row.
    const others = Map.groupBy(
      modules.filter((module) => !here.includes(module)),
      ({ name, instead = '' }) => `${described.has(name) ? 'its manifest' : 'no'}\n${instead}`,
    );
    return [
      ...here.map(({ name }) => [topic, linked(name), 'yes', contracts.manifest(name).description]),
      ...[...others].map(([key, absent]) => [
        topic,
        absent.map(({ name }) => linked(name)).join(', '),
        ...key.split('\n'),
      ]),
    ];
  });
  const count = Object.keys(builtinModules).length;
  return `${[
    "# EVerest's modules",
    generatedNote('tools/reference/everest-modules.ts, the manifests, and the modules that have code'),
    `${count} of them have code here, with EVerest's names, interfaces and configuration keys. Where only the manifest is here, somebody else can start the module ([\`standalone: true\`](../how-to/coming-from-everest.md#a-module-of-everest-in-our-mesh)); so can one whose manifest you bring along with \`--modules\`. \`./mesh check\` names those that a configuration wants and does not get.`,
    table(['For', 'Module', 'Here', ''], rows),
    "EVerest's other modules are drivers for certain hardware.",
  ].join('\n\n')}\n`;
}
