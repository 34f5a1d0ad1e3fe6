// Connects to the target: looks its name up, tries each of its addresses, and gives up when the time is over.
import { connectDatagrams } from '../../kernel/datagram-socket.ts';
import type { SocketAddress } from '../../kernel/socket-address.ts';
import { AGAIN, connectStream, errorName, streamError } from '../../kernel/stream-socket.ts';
import { parseIp } from '../../base/addresses.ts';
import type { StreamAddress } from '../../model/relay.ts';
import { EPOLL } from '../../kernel/waiter.ts';
import type { Reactor, Timed, Watched } from './reactor.ts';

/** What becomes of a dial, once. */
export interface DialOutcome {
  /** The descriptor is watched for changes, by whoever takes it over with `hand`; `events` are what epoll told with this. */
  connected(fd: number, events: number, now: number): void;
  failed(reason: string, now: number): void;
}

/** Has a name looked up elsewhere; `onAnswer` hears its addresses, or why there are none. */
export type LookUp = (
  host: string,
  onAnswer: (addresses: readonly string[], failure: string) => void,
) => void;

/** What epoll tells of a connection that has failed. */
const BROKEN = EPOLL.error | EPOLL.hangUp;
/** Microseconds after which a Unix socket whose queue is full is asked again. */
const FULL_QUEUE = 1000;

export class Dialler {
  readonly #reactor: Reactor;
  readonly #lookUp: LookUp;
  /** Microseconds. */
  readonly #timeout: number;

  constructor(reactor: Reactor, lookUp: LookUp, timeout: number) {
    this.#reactor = reactor;
    this.#lookUp = lookUp;
    this.#timeout = timeout;
  }

  dial(target: StreamAddress, outcome: DialOutcome): Dial {
    const dial = new Dial(this.#reactor, target.kind === 'udp', outcome);
    this.#reactor.at(this.#reactor.now + this.#timeout, {
      expire: (now) => dial.giveUp('ETIMEDOUT', now),
    });
    if (target.kind === 'unix') dial.begin([{ kind: 'unix', path: target.path }]);
    else if (parseIp(target.host).ok)
      dial.begin([{ kind: 'ip', address: target.host, port: target.port }]);
    else
      this.#lookUp(target.host, (addresses, failure) => {
        const { port } = target;
        if (failure !== '') dial.giveUp(failure, this.#reactor.now);
        else dial.begin(addresses.map((address) => ({ kind: 'ip', address, port })));
      });
    return dial;
  }
}

/** One connection on its way. */
export class Dial implements Watched, Timed {
  readonly #reactor: Reactor;
  readonly #isDatagram: boolean;
  readonly #outcome: DialOutcome;
  #left: readonly SocketAddress[] = [];
  #fd = -1;
  #isOver = false;

  constructor(reactor: Reactor, isDatagram: boolean, outcome: DialOutcome) {
    this.#reactor = reactor;
    this.#isDatagram = isDatagram;
    this.#outcome = outcome;
  }

  begin(addresses: readonly SocketAddress[]): void {
    this.#left = addresses;
    this.expire(this.#reactor.now);
  }

  ready(events: number, now: number): void {
    const failed = (events & BROKEN) === 0 ? 0 : streamError(this.#fd);
    if (failed < 0) {
      this.#drop();
      this.#tryNext(failed, now);
      return;
    }
    this.#isOver = true;
    this.#outcome.connected(this.#fd, events, now);
  }

  /** Tries the first address that is left. */
  expire(now: number): void {
    const [address] = this.#left;
    if (!address || this.#isOver) return;
    const fd = this.#isDatagram ? connectDatagrams(address) : connectStream(address);
    if (fd === AGAIN && address.kind === 'unix') this.#reactor.at(now + FULL_QUEUE, this);
    else if (fd < 0) this.#tryNext(fd, now);
    else {
      this.#fd = fd;
      this.#reactor.watchChanges(fd, this);
    }
  }

  giveUp(reason: string, now: number): void {
    if (this.#isOver) return;
    this.cancel();
    this.#outcome.failed(reason, now);
  }

  /** Nobody wants it any more. */
  cancel(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#drop();
  }

  #tryNext(failed: number, now: number): void {
    this.#left = this.#left.slice(1);
    if (this.#left.length === 0) this.giveUp(errorName(failed), now);
    else this.expire(now);
  }

  #drop(): void {
    if (this.#fd >= 0) this.#reactor.close(this.#fd);
    this.#fd = -1;
  }
}
