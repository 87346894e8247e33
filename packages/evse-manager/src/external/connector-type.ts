import type { types } from '@chargemesh/contracts';

type ConnectorType = types.evse_manager.ConnectorTypeEnum;

const known: ReadonlySet<ConnectorType> = new Set<ConnectorType>([
  'cCCS1',
  'cCCS2',
  'cG105',
  'cMCS',
  'cTesla',
  'cType1',
  'cType2',
  's309_1P_16A',
  's309_1P_32A',
  's309_3P_16A',
  's309_3P_32A',
  'sBS1361',
  'sCEE_7_7',
  'sType2',
  'sType3',
  'Other1PhMax16A',
  'Other1PhOver16A',
  'Other3Ph',
  'Pan',
  'wInductive',
  'wResonant',
  'Undetermined',
  'Unknown',
]);

/** The connector's type as it is configured, or Unknown for a text that names none. */
export function connectorTypeOf(text: string): ConnectorType {
  return [...known].find((type) => type === text) ?? 'Unknown';
}
