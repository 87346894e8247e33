import type { Aedes, PublishPacket } from 'aedes';
import { BusError } from './bus-error.ts';

type Done = (error?: Error | null) => void;

/** What of aedes its declarations leave out. */
interface Inside {
  publish(packet: PublishPacket, client: unknown, done?: Done): void;
  readonly mq: { emit(packet: unknown, done: Done): void };
}

/**
 * Has a broker pass messages on in the order in which it takes them.
 *
 * aedes numbers a message when it takes it, keeps what is to be kept, and then passes it on; at each subscriber it throws away what has a
 * lower number than the one before, as a copy from another node of a cluster. One that is kept takes longer, is overtaken by those that
 * come in the same breath, and so is lost to all who listen. Here each is on its way before the next one is numbered.
 *
 * @throws BusError `BUS_UNREACHABLE` for an aedes that works otherwise
 */
export function publishInOrder(broker: Aedes): void {
  if (!hasInside(broker)) throw new BusError('BUS_UNREACHABLE', 'this release of aedes cannot be held to an order');
  const { mq } = broker;
  const [publish, emit] = [broker.publish.bind(broker), mq.emit.bind(mq)];
  const waiting: (() => void)[] = [];
  let isBusy = false;
  let isDraining = false;
  let release: () => void = () => {};

  const drain = (): void => {
    if (isDraining) return;
    isDraining = true;
    while (!isBusy && waiting.length > 0) waiting.shift()?.();
    isDraining = false;
  };
  const take = (packet: PublishPacket, client: unknown, done: Done): void => {
    isBusy = true;
    let isPassed = false;
    const pass = (): void => {
      if (isPassed) return;
      isPassed = true;
      isBusy = false;
      drain();
    };
    release = pass;
    publish(packet, client, (error) => {
      // It may have failed on its way.
      pass();
      done(error);
    });
  };
  mq.emit = (packet, done) => {
    const pass = release;
    emit(packet, done);
    pass();
  };
  broker.publish = (packet: PublishPacket, client: unknown, done?: Done) => {
    // Who publishes may be left out.
    if (typeof client === 'function') waiting.push(() => take(packet, undefined, (error) => client(error)));
    else waiting.push(() => take(packet, client, done ?? (() => {})));
    drain();
  };
}

function hasInside(broker: Aedes): broker is Aedes & Inside {
  return 'mq' in broker && typeof broker.publish === 'function';
}
