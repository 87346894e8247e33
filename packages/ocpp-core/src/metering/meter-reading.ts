/** One quantity as a meter gives it: in sum, by phase, or on a DC line. What is absent was not measured. */
export interface PhaseValues {
  readonly total?: number;
  readonly L1?: number;
  readonly L2?: number;
  readonly L3?: number;
  readonly N?: number;
  readonly DC?: number;
}

/** One sensor's temperature. */
export interface TemperatureReading {
  readonly valueC: number;
  /** Where it sits, as the sensor says; told to the CSMS where OCPP has a word for it (Body, Cable, EV, Inlet, Outlet). */
  readonly location?: string;
}

/** All that is known of a connector's meter, car and offered limits at one time. */
export interface MeterReading {
  /** When it was measured, epoch milliseconds. */
  readonly timestampMs: number;
  readonly energyImportWh?: PhaseValues;
  readonly energyExportWh?: PhaseValues;
  readonly powerW?: PhaseValues;
  readonly voltageV?: PhaseValues;
  readonly currentA?: PhaseValues;
  readonly frequencyHz?: PhaseValues;
  readonly temperaturesC?: readonly TemperatureReading[];
  readonly socPercent?: number;
  /** What the car may draw, 0 where nothing is offered (C-45). */
  readonly currentOfferedA?: number;
  readonly powerOfferedW?: number;
}
