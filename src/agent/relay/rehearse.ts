// A session of a relay's own, before it listens: a client and a target in the same thread play the messages that its rules are about over
// sockets of this process. What comes first is otherwise carried by code that has never run, tens of milliseconds late.
import { randomUUID } from 'node:crypto';
import { closeDescriptor } from '../../kernel/process.ts';
import {
  AGAIN,
  acceptStream,
  connectStream,
  listenStream,
  readStream,
  writeStream,
} from '../../kernel/stream-socket.ts';
import { IP_ROOM, type SocketAddress } from '../../kernel/socket-address.ts';
import { clockMicros } from '../../kernel/waiter.ts';
import type { RelaySpec, StreamAddress } from '../../model/relay.ts';
import { createRelay } from '../../roles/relay/create-relay.ts';
import { type Rehearsal, planRehearsal } from '../../roles/relay/rehearsal.ts';
import type { Protocol } from '../../wire/protocol/contract.ts';
import { type RelayOrder, SHARED } from './order.ts';
import { Outbox } from './outbox.ts';
import { RelayLoop } from './relay-loop.ts';

/** Messages of each side: more than so many make the first ones of a client no quicker. */
const MESSAGES = 1000;
/** Microseconds that it takes at most: of an idle machine it takes a tenth of it. */
const LIMIT = 500_000;
const NO_EVENT = -1;

export function rehearse(
  spec: RelaySpec,
  protocol: Protocol,
  { seed, wanted }: Pick<RelayOrder, 'seed' | 'wanted'>,
  isStopped: () => boolean,
): void {
  const rehearsal = planRehearsal(spec, protocol);
  if (rehearsal === null) return;
  const listen = ownPlace();
  const target = ownPlace();
  const stage: RelaySpec = { ...rehearsal.spec, listen, target, transparent: false };
  const loop = new RelayLoop({
    ...{ spec: stage, event: NO_EVENT, listenOn: [] },
    relay: createRelay(stage, protocol, seed),
    outbox: new Outbox(new Int32Array(SHARED.words), wanted, () => undefined),
    lookUp: () => undefined,
    process: () => undefined,
  });
  const play = new Play(rehearsal.messages);
  try {
    play.listen(target);
    loop.listen();
    play.connect(listen);
    loop.run(
      () => play.isOver || isStopped(),
      () => play.turn(),
    );
  } finally {
    loop.end();
    play.close();
  }
}

/** The client and the target. */
class Play {
  isOver = false;
  readonly #messages: Rehearsal['messages'];
  readonly #buffer = new Uint8Array(65_536);
  readonly #from = new Uint8Array(IP_ROOM);
  readonly #until = clockMicros() + LIMIT;
  #listener = -1;
  #client = -1;
  #server = -1;
  #turns = 0;

  constructor(messages: Rehearsal['messages']) {
    this.#messages = messages;
  }

  listen(target: SocketAddress): void {
    this.#listener = listenStream(target, { isTransparent: false });
  }

  connect(relay: SocketAddress): void {
    this.#client = connectStream(relay);
    this.isOver = this.#client < 0;
  }

  turn(): void {
    this.#turns += 1;
    if (this.#server < 0) this.#server = acceptStream(this.#listener, this.#from);
    this.#speak(this.#client, this.#messages.client);
    this.#speak(this.#server, this.#messages.server);
    this.isOver ||= this.#turns >= MESSAGES || clockMicros() > this.#until;
  }

  close(): void {
    for (const fd of [this.#listener, this.#client, this.#server]) if (fd >= 0) closeDescriptor(fd);
  }

  #speak(fd: number, messages: readonly Uint8Array[]): void {
    if (fd < 0) return;
    const message = messages[this.#turns % messages.length];
    if (message !== undefined) writeStream(fd, message);
    const came = readStream(fd, this.#buffer);
    this.isOver ||= came <= 0 && came !== AGAIN;
  }
}

const ownPlace = (): StreamAddress & { readonly kind: 'unix' } => ({
  kind: 'unix',
  path: `@rehearsal-${randomUUID()}`,
});
