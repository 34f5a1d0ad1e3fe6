// Finds what rules look at in a client's UDP datagrams, by content and on any port: DNS queries and the ClientHellos of QUIC.
import type { CensorReassembly } from '../../../model/censor.ts';
import { readDnsQuery } from './dns-query.ts';
import type { Layer, Message } from './message.ts';
import { QuicReader } from './quic-reader.ts';

/** Datagrams that told nothing after which a flow is not looked at any more. */
const DATAGRAM_LOOKS = 8;

export class DatagramInspector {
  readonly #readsDns: boolean;
  readonly #quic: QuicReader | null;
  #looks = DATAGRAM_LOOKS;

  constructor(wanted: readonly Layer[], reassembly: CensorReassembly) {
    this.#readsDns = wanted.includes('dns');
    this.#quic = wanted.includes('quic') ? new QuicReader(reassembly) : null;
  }

  /** Adds what the datagram's payload says to `messages`. False when it need not be called again. */
  read(memory: Uint8Array, start: number, end: number, messages: Message[]): boolean {
    let isNew = this.#quic?.read(memory, start, end, messages) ?? false;
    const query = !isNew && this.#readsDns ? readDnsQuery(memory.subarray(start, end)) : null;
    if (query !== null) {
      messages.push({ layer: 'dns', query });
      isNew = true;
    }
    this.#looks = isNew ? DATAGRAM_LOOKS : this.#looks - 1;
    return this.#looks > 0;
  }
}
