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
import { IP_ROOM } from '../../kernel/socket-address.ts';
import { clockMicros } from '../../kernel/waiter.ts';
import type { RelaySpec, StreamAddress } from '../../model/relay.ts';
import { createRelay } from '../../roles/relay/create-relay.ts';
import { planRehearsal } from '../../roles/relay/rehearsal.ts';
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
  const listener = listenStream(target, { isTransparent: false });
  loop.listen();
  const client = connectStream(listen);
  let server = -1;
  const buffer = new Uint8Array(65_536);
  const until = clockMicros() + LIMIT;
  let turns = 0;
  let isOver = client < 0;
  const play = (): void => {
    turns += 1;
    if (server < 0) server = acceptStream(listener, new Uint8Array(IP_ROOM));
    for (const [fd, messages] of [
      [client, rehearsal.messages.client],
      [server, rehearsal.messages.server],
    ] as const) {
      if (fd < 0) continue;
      const message = messages[turns % messages.length];
      if (message !== undefined) writeStream(fd, message);
      const came = readStream(fd, buffer);
      isOver ||= came <= 0 && came !== AGAIN;
    }
    isOver ||= turns >= MESSAGES || clockMicros() > until;
  };
  loop.run(() => isOver, play);
  for (const fd of [listener, client, server]) if (fd >= 0) closeDescriptor(fd);
}

const ownPlace = (): StreamAddress & { readonly kind: 'unix' } => ({
  kind: 'unix',
  path: `@rehearsal-${randomUUID()}`,
});
