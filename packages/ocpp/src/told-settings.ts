import type { ExternalMqtt } from '@chargemesh/framework';
import type { Configuration, KeyName } from '@chargemesh/ocpp-core';

/** What {@link ToldSettings} stand on. */
export interface ToldSettingsPort {
  /** The module's id. */
  readonly id: string;
  readonly mqtt: ExternalMqtt;
  readonly configuration: Pick<Configuration, 'get' | 'onChange'>;
}

/** A topic, and what is told on it. */
export interface ToldSetting {
  /** Of `chargemesh/modules/<id>/<name>`, behind the external prefix. */
  readonly name: string;
  /** What the value depends on. */
  readonly keys: readonly KeyName[];
  /** @returns undefined where the station has none of the keys: nothing is told */
  value(configuration: Pick<Configuration, 'get'>): object | undefined;
}

/** Configuration keys that others in the mesh go by, and for which no interface has a place: retained, as JSON. */
export const toldSettings: readonly ToldSetting[] = [
  /** For whoever drives lamps or a display. @see OCPP 1.6, 9.1.3 BlinkRepeat, 9.1.10 LightIntensity */
  {
    name: 'lamps',
    keys: ['LightIntensity', 'BlinkRepeat'],
    value: (configuration) => {
      const intensity = configuration.get('LightIntensity');
      const blinks = configuration.get('BlinkRepeat');
      if (intensity === undefined && blinks === undefined) return undefined;
      return { light_intensity_percent: intensity, blink_repeat: blinks };
    },
  },
  /**
   * For EVSEs. Told where the station has no such key too: on an outside broker another one may have left its own.
   * @see OCPP 1.6, 9.1.24 StopTransactionOnEVSideDisconnect
   */
  {
    name: 'unplugging',
    keys: ['StopTransactionOnEVSideDisconnect'],
    value: (configuration) => ({ ends_transaction: configuration.get('StopTransactionOnEVSideDisconnect') ?? true }),
  },
];

/** Tells settings at the start and when they change. */
export class ToldSettings {
  readonly #port: ToldSettingsPort;
  readonly #watched: readonly { cancel(): void }[];

  constructor(port: ToldSettingsPort) {
    this.#port = port;
    this.#watched = toldSettings.flatMap((setting) =>
      setting.keys.map((key) => port.configuration.onChange(key, () => this.#tell(setting))),
    );
  }

  /** To be called at the start. */
  publish(): void {
    for (const setting of toldSettings) this.#tell(setting);
  }

  /** Takes them back: the module leaves. */
  close(): void {
    for (const watch of this.#watched) watch.cancel();
    for (const { name } of toldSettings) this.#port.mqtt.publish(this.#topic(name), '', { retain: true });
  }

  #tell({ name, value }: ToldSetting): void {
    const { configuration, mqtt } = this.#port;
    const settings = value(configuration);
    if (settings) mqtt.publish(this.#topic(name), JSON.stringify(settings), { retain: true });
  }

  #topic(name: string): string {
    return `chargemesh/modules/${this.#port.id}/${name}`;
  }
}
