import type { ErrorReport, MeshError } from '@chargemesh/framework';
import type { Shutdown } from '../charger/charger-context.ts';

/** Errors that do not keep the EVSE from charging; every VendorWarning is another. */
const harmless: ReadonlySet<string> = new Set([
  'evse_manager/Inoperative',
  'evse_board_support/MREC3HighTemperature',
  'evse_board_support/MREC18CableOverTempDerate',
]);

const OWN_VENDOR = 'EVerest';

/** The errors that keep the EVSE from charging, in the order given. */
export function causesOf(errors: readonly MeshError[]): readonly MeshError[] {
  return errors.filter(({ type }) => !harmless.has(type) && nameOf(type) !== 'VendorWarning');
}

/** How gravely the causes stop charging. */
export function shutdownFor(causes: readonly MeshError[]): Shutdown {
  if (causes.length === 0) return 'none';
  return causes.some(({ severity }) => severity === 'High') ? 'emergency' : 'error';
}

/** The one error that says of all causes that this EVSE cannot be used. */
export function inoperativeReport(
  causes: readonly MeshError[],
  useVendorId: boolean,
): ErrorReport<'evse_manager/Inoperative'> {
  const [first] = causes;
  return {
    type: 'evse_manager/Inoperative',
    message: first?.type ?? '',
    description: causes
      .map(({ type, sub_type }) => (sub_type === '' ? nameOf(type) : `${nameOf(type)}/${sub_type}`))
      .join(','),
    severity: 'High',
    vendorId: useVendorId && first ? first.vendor_id : OWN_VENDOR,
  };
}

/** What tells one cause from another. */
export function causeKey({ origin, type, sub_type }: MeshError): string {
  return `${origin.module_id}/${origin.implementation_id}/${type}/${sub_type}`;
}

function nameOf(type: string): string {
  return type.slice(type.indexOf('/') + 1);
}
