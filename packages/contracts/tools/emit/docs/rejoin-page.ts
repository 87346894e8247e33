import type { InterfaceContract, VariableContract } from '../../../src/model/interface-contract.ts';
import type { Again, Manifest } from '../../../src/model/manifest.ts';
import { code, page, table } from './markdown.ts';

const introduction = `Any module may die at any moment. The manager starts it again, after 0.2 s, then twice as long each time it dies within a minute, at most 30 s.
It asks for its configuration, which the manager keeps for it, says that it is ready, and is told so as well. What it does not know any more it learns in one of
these ways, whichever layout the mesh has, and after a restart in order just as after a death.

- A **state** has a present value. Its module keeps it, with its time, retained on \`chargemesh/modules/<id>/impl/<impl>/var/<variable>\`: whoever comes back
  is handed it at once, once. When the module dies, the manager clears what it kept; when it stops in order, it does so itself. So nobody is handed the value
  of a module that is not there.
- An **event** happened once, and is not told again. One with a **journal** was committed to disk, numbered, before it was told; who was away asks for what
  comes after its last number. See [the bus](../explanation/bus.md#the-journal).
- **Errors** that are active are kept as states are, a list for each implementation. A module that comes back with none has cleared those it had raised.
- A **command** to a module that is away fails at once with NotReady; nothing is kept for later. Who wants something of a module tells it again when it is
  back, where the tables say so.
- Without the **broker** all of this holds as well: each module dials again, is handed what is kept, asks the journals, and keeps its own states anew.

All of this is about one module that dies under a manager that lives: what it finds in its state folder about sessions, authorisations and limits counts only if it was
written under the same run of the manager. When all are started anew, the station was without power: SessionResumed, and TransactionFinished with PowerLoss.`;

/** How a variable is learned again from a provider that was started anew. */
const AGAIN: Readonly<Record<Again, string>> = {
  ready: 'at once',
  change: 'with its next change',
  journal: 'from its journal',
  never: 'never told',
};

/** docs/reference/rejoin.md: who learns what again, and how, when a module or its peer was away. */
export function rejoinPage(interfaces: readonly InterfaceContract[], manifests: readonly Manifest[]): string {
  const described = manifests.filter(({ rejoin }) => rejoin !== undefined);
  const sections = interfaces.map((contract) => connectionSection(contract, described)).filter((text) => text !== '');
  return page('When a module comes back', introduction, [
    `## Modules\n\n${described.map(moduleSection).join('\n')}`,
    `## Connections\n\n${sections.join('\n')}`,
  ]);
}

function moduleSection({ name, rejoin }: Manifest): string {
  return `### ${name}\n\nKeeps: ${rejoin?.keeps}\n\nWhile it is away: ${rejoin?.away}\n`;
}

interface Provider {
  readonly module: string;
  readonly implementation: string;
  readonly again: Readonly<Record<string, Again>>;
}

function connectionSection(contract: InterfaceContract, manifests: readonly Manifest[]): string {
  const providers = manifests.flatMap((manifest) =>
    Object.entries(manifest.provides)
      .filter(([, provision]) => provision.interface === contract.name)
      .map(([implementation, { again = {} }]): Provider => ({ module: manifest.name, implementation, again })),
  );
  const requirers = manifests.flatMap((manifest) =>
    Object.entries(manifest.requires)
      .filter(([, requirement]) => requirement.interface === contract.name)
      .map(([requirement, { rejoin }]) => [code(`${manifest.name}.${requirement}`), rejoin ?? '']),
  );
  if (providers.length === 0) return '';
  const names = providers.map(
    ({ module, implementation }) => `[${module}](#${module.toLowerCase()}).${implementation}`,
  );
  const variables = Object.entries(contract.variables).map(([name, variable]) => [
    code(name),
    variable.kind,
    forRequirer(name, variable, providers),
    ...providers.map(({ again }) => fromProvider(name, variable, again)),
  ]);
  const heads = providers.map(({ module }) => `${module} is back`);
  return `### ${contract.name}

Provided by ${names.join(', ')}.

${table(['variable', 'kind', 'who listens is back', ...heads], variables)}${table(['required by', 'when one of the two is back'], requirers)}`;
}

function forRequirer(name: string, { kind }: VariableContract, providers: readonly Provider[]): string {
  if (kind === 'state') return 'is handed the kept value';
  return providers.some(({ again }) => again[name] === 'journal') ? 'asks the journal' : 'has missed it';
}

function fromProvider(name: string, { kind }: VariableContract, again: Provider['again']): string {
  const how = again[name];
  return kind === 'event' && how === undefined ? 'not told again' : AGAIN[how ?? 'change'];
}
