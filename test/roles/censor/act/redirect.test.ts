import { expect } from 'chai';
import type { RedirectAction } from '../../../../src/model/censor-action.ts';
import { decodePacket } from '../../../../src/wire/decode.ts';
import {
  Playbook,
  RESET,
  V4,
  V6,
  clientData,
  fromServer,
  handshake,
  hello,
  rule,
  sniRule,
  text,
} from '../playbook.ts';

const TO: RedirectAction = { kind: 'redirect', to: ['10.0.0.9', 'fd00::9'], port: 8443 };
const FIRST = rule([{ field: 'tcp.dstport', ranges: [[443, 443]] }], TO);

describe('roles/censor/redirect', () => {
  for (const [ends, other] of [
    [V4, '10.0.0.9'],
    [V6, 'fd00::9'],
  ] as const)
    it(`redirect() sends a whole flow elsewhere and its answers back, over ${ends.client}`, () => {
      const book = new Playbook([FIRST]);
      const target = { ...ends, server: other, serverPort: 8443 };
      const [syn, synAck, ack] = handshake(ends);
      const [, otherSynAck] = handshake(target);
      expect(book.judge(syn ?? text(''))).to.equal('taken');
      expect(book.judge(otherSynAck ?? text(''))).to.equal('taken');
      expect(book.judge(ack ?? text(''))).to.equal('taken');
      expect(book.judge(clientData(ends, text('hello')))).to.equal('taken');
      const [first, second, third, data] = book.emitted;
      for (const toTarget of [first, third, data])
        expect(toTarget?.packet.ip).to.include({ source: ends.client, destination: other });
      expect(data?.packet.tcp).to.include({ destinationPort: 8443, checksum: 'valid' });
      // The client sees the answer of whom it asked, byte for byte.
      expect(second?.bytes).to.deep.equal(synAck);
      expect(book.emitted.every(({ origin }) => origin === 'forwarded')).to.equal(true);
    });

  it('redirect() leaves a connection alone whose server has answered, and other families', () => {
    const late = new Playbook([sniRule(TO)]);
    for (const packet of handshake(V4)) late.judge(packet);
    expect(late.judge(clientData(V4, hello('blocked.example')))).to.equal('pass');
    const v6 = new Playbook([
      rule([{ field: 'tcp.dstport', ranges: [[443, 443]] }], { ...TO, to: ['10.0.0.9'] }),
    ]);
    expect(v6.judge(handshake(V6)[0] ?? text(''))).to.equal('pass');
  });

  it('restore() leaves packets of the target alone that answer nobody who was redirected', () => {
    const book = new Playbook([FIRST]);
    book.judge(handshake(V4)[0] ?? text(''));
    const stranger = { ...V4, server: '10.0.0.9', clientPort: 7, serverPort: 8443 };
    expect(book.judge(fromServer(stranger, { sequence: 1, flags: 16 }))).to.equal('pass');
  });

  it('adapt() sends forged packets for the server to where the flow goes', () => {
    const book = new Playbook([FIRST, sniRule(RESET)]);
    const target = { ...V4, server: '10.0.0.9', serverPort: 8443 };
    const [syn, , ack] = handshake(V4);
    for (const packet of [syn, handshake(target)[1], ack]) book.judge(packet ?? text(''));
    book.emitted = [];
    book.judge(clientData(V4, hello('blocked.example')));
    const ends = book.emitted.map(({ bytes }) => {
      const packet = decodePacket(bytes);
      return packet.ok ? [packet.value.ip.source, packet.value.ip.destination] : [];
    });
    expect(ends).to.deep.equal([
      [V4.server, V4.client],
      [V4.client, '10.0.0.9'],
    ]);
  });
});
