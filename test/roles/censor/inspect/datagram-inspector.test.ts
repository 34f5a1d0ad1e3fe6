import { expect } from 'chai';
import { DEFAULT_REASSEMBLY } from '../../../../src/model/censor-defaults.ts';
import { DatagramInspector } from '../../../../src/roles/censor/inspect/datagram-inspector.ts';
import type { Layer, Message } from '../../../../src/roles/censor/inspect/message.ts';
import { realInitial } from '../../../wire/quic/initials.ts';
import { query, text } from '../playbook.ts';

class Listener {
  readonly messages: Message[] = [];
  readonly #inspector: DatagramInspector;

  constructor(wanted: readonly Layer[]) {
    this.#inspector = new DatagramInspector(wanted, DEFAULT_REASSEMBLY);
  }

  hear(datagram: Uint8Array): boolean {
    return this.#inspector.read(datagram, 0, datagram.length, this.messages);
  }

  get layers(): readonly Layer[] {
    return this.messages.map(({ layer }) => layer);
  }
}

describe('roles/censor/datagram-inspector', () => {
  for (const [wanted, layers] of [
    [
      ['dns', 'quic'],
      ['dns', 'quic', 'dns'],
    ],
    [['dns'], ['dns', 'dns']],
    [['quic'], ['quic']],
    [['tls'], []],
  ] as const)
    it(`read() finds only what is wanted: ${wanted.join(', ')}`, () => {
      const listener = new Listener(wanted);
      for (const datagram of [query('blocked.example'), realInitial(), query('other.example')])
        listener.hear(datagram);
      expect(listener.layers).to.deep.equal(layers);
    });

  it('read() gives up after eight datagrams that told nothing', () => {
    const listener = new Listener(['dns', 'quic']);
    const noise = (count: number): readonly boolean[] =>
      Array.from({ length: count }, () => listener.hear(text('noise')));
    expect(noise(7)).to.not.include(false);
    expect(listener.hear(query('blocked.example'))).to.equal(true);
    expect(noise(7)).to.not.include(false);
    expect(listener.hear(realInitial())).to.equal(true);
    expect(noise(8)).to.deep.equal([true, true, true, true, true, true, true, false]);
  });
});
