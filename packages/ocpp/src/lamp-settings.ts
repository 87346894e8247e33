import type { ExternalMqtt } from '@chargemesh/framework';
import type { Configuration } from '@chargemesh/ocpp-core';

/** What {@link LampSettings} stands on. */
export interface LampSettingsPort {
  /** The module's id: the topic is `chargemesh/modules/<id>/lamps`, behind the external prefix. */
  readonly id: string;
  readonly mqtt: ExternalMqtt;
  readonly configuration: Pick<Configuration, 'get' | 'onChange'>;
}

/**
 * Tells whoever drives the lamps or a display of a station how the CSMS wants them, since no interface of the mesh has a place for it:
 * retained, `{"light_intensity_percent":50,"blink_repeat":3}`, with the keys that the station has, and nothing where it has neither.
 * @see OCPP 1.6, 9.1.3 BlinkRepeat, 9.1.10 LightIntensity
 */
export class LampSettings {
  readonly #port: LampSettingsPort;
  readonly #topic: string;
  readonly #watched: readonly { cancel(): void }[];

  constructor(port: LampSettingsPort) {
    this.#port = port;
    this.#topic = `chargemesh/modules/${port.id}/lamps`;
    this.#watched = (['LightIntensity', 'BlinkRepeat'] as const).map((key) =>
      port.configuration.onChange(key, () => this.publish()),
    );
  }

  /** To be called at the start. */
  publish(): void {
    const { configuration, mqtt } = this.#port;
    const intensity = configuration.get('LightIntensity');
    const blinks = configuration.get('BlinkRepeat');
    if (intensity === undefined && blinks === undefined) return;
    const settings = { light_intensity_percent: intensity, blink_repeat: blinks };
    mqtt.publish(this.#topic, JSON.stringify(settings), { retain: true });
  }

  /** Takes it back: the module leaves. */
  close(): void {
    for (const watch of this.#watched) watch.cancel();
    this.#port.mqtt.publish(this.#topic, '', { retain: true });
  }
}
