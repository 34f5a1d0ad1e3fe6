// The threads that process messages, as the relay's thread sees them: each message goes to the one that has least to do.
import { type MessagePort, receiveMessageOnPort } from 'node:worker_threads';
import type { RelayWork } from '../../../roles/relay/relay-port.ts';
import { ownBytes } from './own-bytes.ts';
import type { PoolOutcome, PoolRequest } from './pool-words.ts';

export class PoolDesk {
  readonly #members: { readonly port: MessagePort; underWay: number }[];

  constructor(ports: readonly MessagePort[]) {
    this.#members = ports.map((port) => ({ port, underWay: 0 }));
  }

  give(session: number, ticket: number, work: RelayWork): void {
    const [first, ...others] = this.#members;
    if (!first) return;
    const member = others.reduce(
      (least, each) => (each.underWay < least.underWay ? each : least),
      first,
    );
    member.underWay += 1;
    const own = { ...work, bytes: ownBytes(work.bytes) };
    const request: PoolRequest = { session, ticket, work: own };
    member.port.postMessage(request);
  }

  /** Takes all outcomes that have come. */
  take(onOutcome: (outcome: PoolOutcome) => void): void {
    for (const member of this.#members)
      for (;;) {
        const received = receiveMessageOnPort(member.port) as
          { readonly message: PoolOutcome } | undefined;
        if (!received) break;
        member.underWay -= 1;
        onOutcome(received.message);
      }
  }
}
