import { chargerActions } from '../../packages/evse-manager/src/charger/charger-actions.ts';
import { chargerConditions } from '../../packages/evse-manager/src/charger/charger-conditions.ts';
import { type ChargerStateName, stateNames } from '../../packages/evse-manager/src/charger/charger-state.ts';
import {
  type ChargerRow,
  type ChargerStateRules,
  chargerTable,
  type RowAction,
  type RowCondition,
} from '../../packages/evse-manager/src/charger/charger-table.ts';
import { chargerTimers } from '../../packages/evse-manager/src/charger/charger-timers.ts';
import { type PilotAction, type PilotRule, pilotTable } from '../../packages/evse-manager/src/iec/pilot-table.ts';
import { generatedNote, table } from './markdown.ts';

const states = Object.keys(chargerTable) as ChargerStateName[];

/** docs/reference/evse-states.md */
export function evseStatesPage(): string {
  return `${[
    '# States of an EVSE',
    generatedNote('packages/evse-manager/src/charger/charger-table.ts and src/iec/pilot-table.ts'),
    'EvseManager has two machines: the charger, which leads a session from the plug to the end, and below it the control pilot, which turns what the board measures into what the car does, and decides on relay and lock at once. Both run the tables that this page is made of.',
    '## The charger',
    'The numbers at the arrows are those of the rows below.',
    diagram([['[*]', 'Idle', ''], ['[*]', 'Disabled', ''], ...chargerArrows()]),
    'The rows of a state are gone through on entering it, after each event and when a time is over, from the first to the last, until another state follows. Whatever a fault asks for at once, PWM off and relay open, has been done before.',
    table(
      ['State', 'Text', 'Number', 'In the energy tree'],
      states.map((name) => [name, stateNames[name].text, String(stateNames[name].number), stateNames[name].energy]),
    ),
    ...states.flatMap((name) => section(name, chargerTable[name])),
    '## The control pilot',
    'What each change of the pilot does and says. All rows that fit apply, in this order. D is C where there is ventilation, and B where there is none; `Disabled` stands for a board that is not heard, or not looked at.',
    diagram(pilotArrows()),
    table(['From', 'To', 'A car was plugged in', 'Does', 'Says'], pilotTable.map(pilotCells)),
    'Besides: in C, and in D with or without ventilation, the lock is wanted; in B where `lock_connector_in_state_b` says so. The relay closes in C under PWM with a grant. Where PWM ends in C the car has six seconds to end the load, then the relay opens under it.',
  ].join('\n\n')}\n`;
}

function section(name: ChargerStateName, { about, enter, rows }: ChargerStateRules): string[] {
  return [
    `### ${name}`,
    about,
    `On entering: ${enter.map(actionText).join('; ')}.`,
    table(
      ['', 'When', 'Does', 'Then'],
      rows.map((row, index) => [
        String(index + 1),
        whenText(row),
        (row.does ?? []).map(actionText).join('; '),
        then(row),
      ]),
    ),
  ];
}

function then({ next }: ChargerRow): string {
  if (next === undefined) return 'the next row';
  return next === 'stay' ? 'stays' : `**${next}**`;
}

function whenText({ all = [], any = [] }: ChargerRow): string {
  const both = all.map(conditionText).join(', and ');
  const either = any.map(conditionText).join(', or ');
  return [both, either].filter((text) => text !== '').join(', and: ') || 'always';
}

function conditionText(condition: RowCondition): string {
  if (typeof condition === 'string') return chargerConditions[condition].text;
  if ('not' in condition) return chargerConditions[condition.not].otherwise;
  if ('over' in condition) return `the time is over that ${chargerTimers[condition.over].text}`;
  return `the time is not over that ${chargerTimers[condition.within].text}`;
}

function actionText(action: RowAction): string {
  if (typeof action === 'string') return chargerActions[action].text;
  if ('start' in action) return `the time begins that ${chargerTimers[action.start].text}`;
  return `forgets the time that ${chargerTimers[action.stop].text}`;
}

type Arrow = readonly [from: string, to: string, label: string];

function chargerArrows(): Arrow[] {
  const arrows = states.flatMap((from) =>
    chargerTable[from].rows.flatMap(({ next }, index) =>
      next === undefined || next === 'stay' ? [] : [{ from, to: next, label: String(index + 1) }],
    ),
  );
  return [...Map.groupBy(arrows, ({ from, to }) => `${from} ${to}`).values()].flatMap((same) => {
    const [first] = same;
    return first ? [[first.from, first.to, same.map(({ label }) => label).join(', ')] as const] : [];
  });
}

function pilotArrows(): Arrow[] {
  const arrows = pilotTable.flatMap(({ from, to, says }) =>
    from.flatMap((state) => says.map((event) => [state, to, event] as const)),
  );
  return [...Map.groupBy(arrows, ([from, to]) => `${from} ${to}`).values()].flatMap((same) => {
    const [first] = same;
    return first ? [[first[0], first[1], [...new Set(same.map(([, , event]) => event))].join(', ')] as const] : [];
  });
}

function diagram(arrows: readonly Arrow[]): string {
  const lines = arrows.map(([from, to, label]) => `  ${from} --> ${to}${label === '' ? '' : ` : ${label}`}`);
  return ['```mermaid', 'stateDiagram-v2', ...lines, '```'].join('\n');
}

const pilotActions: Readonly<Record<PilotAction, string>> = {
  steady: 'steady pilot',
  powerOff: 'relay opens',
  stopRelayTimer: 'forgets that the relay was to open',
  notePlugged: 'a car is plugged in',
  noteUnplugged: 'no car is plugged in',
  enterSimplifiedMode: 'the car counts as one without a pilot switch',
  leaveSimplifiedMode: 'the next car counts as one with a pilot switch',
  lockNotWanted: 'lock not wanted',
  startUnlockTimer: 'lock not wanted in 5 s',
  stopUnlockTimer: 'forgets that the lock was not wanted soon',
};

function pilotCells({ from, to, plugged, does, says }: PilotRule): string[] {
  const wasPlugged = plugged === undefined ? '' : plugged ? 'yes' : 'no';
  return [from.join(', '), to, wasPlugged, does.map((action) => pilotActions[action]).join('; '), says.join(', ')];
}
