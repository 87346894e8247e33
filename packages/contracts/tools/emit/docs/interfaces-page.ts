import type { ErrorsContract } from '../../../src/model/errors-contract.ts';
import type { CommandContract, InterfaceContract } from '../../../src/model/interface-contract.ts';
import { code, page, table, typeText } from './markdown.ts';

/** docs/reference/interfaces.md */
export function interfacesPage(interfaces: readonly InterfaceContract[], errors: readonly ErrorsContract[]): string {
  const introduction = `What modules agree on, ${interfaces.length} interfaces. A module's provider answers the commands, publishes the variables and
raises the errors; [modules.md](modules.md) says which module provides and requires what, [types.md](types.md) what the types hold.

- Every argument is mandatory. A caller waits as long as the deadline says.
- A variable that is a *state* is kept, with its time, for modules that start later; an *event* happened once and is never replayed.
- Topics: \`everest/modules/<module id>/impl/<implementation id>/cmd/<command>\`, \`…/var/<variable>\`, \`…/error/<namespace>/<Name>\`.`;
  return page('Interfaces', introduction, [...interfaces.map(section), errorSections(errors)]);
}

function section(contract: InterfaceContract): string {
  const commands = Object.entries(contract.commands).map(([name, command]) => [
    code(name),
    command.description,
    argumentsText(command),
    command.result.type === 'null' ? '' : `${typeText(command.result)}. ${command.result.description ?? ''}`,
    `${command.deadlineS} s`,
  ]);
  const variables = Object.entries(contract.variables).map(([name, variable]) => [
    code(name),
    variable.description,
    typeText(variable.schema),
    variable.kind,
  ]);
  const namespaces = [...new Set(contract.errors.map((type) => type.split('/')[0] ?? ''))];
  const errors = namespaces.map((namespace) => `[${namespace}](#errors-${namespace.toLowerCase()})`).join(', ');
  return `## ${contract.name}

${contract.description}

${table(['command', 'does', 'arguments', 'returns', 'deadline'], commands)}${table(['variable', 'holds', 'type', 'kind'], variables)}${errors ? `Errors: ${errors}\n` : ''}`;
}

function argumentsText(command: CommandContract): string {
  return Object.entries(command.arguments)
    .map(([name, schema]) => `${code(name)} ${typeText(schema)}: ${schema.description ?? ''}`)
    .join('<br>');
}

function errorSections(errors: readonly ErrorsContract[]): string {
  const sections = errors.map(({ namespace, description, errors: names }) => {
    const rows = Object.entries(names).map(([name, text]) => [code(`${namespace}/${name}`), text]);
    return `### Errors: ${namespace}\n\n${description}\n\n${table(['type', 'means'], rows)}`;
  });
  return `## Errors\n\n${sections.join('\n')}`;
}
