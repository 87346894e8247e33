import { ChargemeshError } from '@chargemesh/base';

/** The bus could not do what was asked. `code` is `BUS_DISCONNECTED`, `BUS_CLOSED`, `BUS_UNREACHABLE` or `BUS_REFUSED`. */
export class BusError extends ChargemeshError {
  override readonly name: string = 'BusError';
}
