import { expect } from 'chai';
import { DEFAULT_CENSOR, DEFAULT_REASSEMBLY } from '../../../../src/model/censor-defaults.ts';
import type { CensorReassembly } from '../../../../src/model/censor.ts';
import type { Message } from '../../../../src/roles/censor/inspect/message.ts';
import { readWords } from '../../../../src/roles/censor/inspect/read-words.ts';
import { RuleBook } from '../../../../src/roles/censor/match/rule-book.ts';
import { beginFlow } from '../../../../src/roles/censor/state/begin-flow.ts';
import { Flow } from '../../../../src/roles/censor/state/flow.ts';
import { PacketView } from '../../../../src/wire/packet.ts';
import {
  DROP,
  V4,
  clientData,
  datagram,
  handshake,
  hello,
  query,
  rule,
  sniRule,
  text,
} from '../playbook.ts';

/** Reads packets of a client; what each completed, and whether all could be kept. */
function read(
  packets: readonly Uint8Array[],
  reassembly: CensorReassembly = DEFAULT_REASSEMBLY,
): { readonly flow: Flow; readonly layers: readonly string[][]; readonly isKept: boolean } {
  const view = new PacketView();
  const names = rule([{ field: 'dns.qname', names: ['*'] }], DROP);
  const book = new RuleBook({ ...DEFAULT_CENSOR, rules: [sniRule(DROP), names] }, 1, view, null);
  const layers: string[][] = [];
  let [flow, isKept]: [Flow | null, boolean] = [null, true];
  for (const packet of packets) {
    view.load(packet, 0, packet.length);
    if (flow === null) {
      flow = new Flow(1, 4, view.protocol, [0, 0, 0, 1], [0, 0, 0, 2], 1, 2, 0);
      beginFlow(flow, book, reassembly, view, true, 0);
    }
    const messages: Message[] = [];
    isKept = readWords(flow, view, reassembly, messages) && isKept;
    layers.push(messages.map(({ layer }) => layer));
  }
  if (flow === null) throw new Error('There is a packet');
  return { flow, layers, isKept };
}

const HELLO = hello('blocked.example');
const [SYN = text('')] = handshake(V4);

describe('roles/censor/inspect/read-words', () => {
  it('readWords() reads what a stream completes, and opens none before it says something', () => {
    expect(read([SYN]).flow).to.include({ awaitsWords: true, stream: null });
    const { flow, layers } = read([
      SYN,
      clientData(V4, HELLO.subarray(0, 60)),
      clientData(V4, HELLO.subarray(60), 60),
    ]);
    expect(layers).to.deep.equal([[], [], ['tls']]);
    expect(flow, 'nothing more is asked').to.include({ stream: null, rulesChanged: true });
  });

  it('readWords() reads each datagram', () => {
    const { layers } = read([datagram({ ...V4, serverPort: 53 }, query('blocked.example'))]);
    expect(layers).to.deep.equal([['dns']]);
  });

  it('readWords() gives a stream up that outgrows the limit', () => {
    const small = { ...DEFAULT_REASSEMBLY, buffer: 64 };
    const { flow, isKept } = read(
      [SYN, clientData(V4, HELLO.subarray(0, 60)), clientData(V4, HELLO.subarray(60, 120), 60)],
      small,
    );
    expect(isKept).to.equal(false);
    expect(flow).to.include({ stream: null, inspector: null, rulesChanged: true });
  });
});
