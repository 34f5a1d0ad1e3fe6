import { expect } from 'chai';
import { FlowIndex, NO_ROW } from '../../src/offline/flow-index.ts';
import { PacketView } from '../../src/wire/packet.ts';
import { V4, V6, datagram, text } from '../roles/censor/playbook.ts';

const ROWS = 64;

/** An index of one bucket, in which all flows meet. */
function indexOf() {
  const index = new FlowIndex(ROWS, 1);
  const view = new PacketView();
  const find = (ends: typeof V4): number => {
    const packet = datagram(ends, text('x'));
    expect(view.load(packet, 0, packet.length)).to.equal(true);
    return index.find(view);
  };
  const put = (ends: typeof V4, row: number): void => {
    expect(find(ends)).to.equal(NO_ROW);
    index.put(row);
  };
  return { index, find, put };
}

const reversed = ({ client, clientPort, server, serverPort }: typeof V4): typeof V4 => ({
  client: server,
  clientPort: serverPort,
  server: client,
  serverPort: clientPort,
});

describe('FlowIndex', () => {
  for (const ends of [V4, V6])
    it(`finds a row by packets of both directions: ${ends.client}`, () => {
      const { index, find, put } = indexOf();
      put(ends, 7);
      expect(find(ends)).to.equal(7);
      const { isSourceLow } = index;
      expect(find(reversed(ends))).to.equal(7);
      expect(index.isSourceLow).to.equal(!isSourceLow);
      expect(find({ ...ends, clientPort: 1 })).to.equal(NO_ROW);
    });

  it('has for a key what the packet says, of a row that a longer one was in too', () => {
    const { index, put } = indexOf();
    put(V6, 0);
    expect(index.keyOf(0)).to.have.lengthOf(10);
    index.free(0);
    put(V4, 0);
    const ports = (V4.serverPort << 16) | V4.clientPort;
    expect(index.keyOf(0).slice(0, 2)).to.deep.equal([(4 << 8) | 17, ports]);
    expect(index.keyOf(0)).to.have.lengthOf(4);
  });

  for (const freed of [0, 1, 2])
    it(`frees row ${freed} of three in a bucket, and keeps the others`, () => {
      const { index, find, put } = indexOf();
      const flows = [1, 2, 3].map((clientPort) => ({ ...V4, clientPort }));
      for (const [row, ends] of flows.entries()) put(ends, row);
      index.free(freed);
      expect(flows.map(find)).to.deep.equal([0, 1, 2].map((row) => (row === freed ? NO_ROW : row)));
    });
});
