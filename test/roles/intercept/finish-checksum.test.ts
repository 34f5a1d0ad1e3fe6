import { expect } from 'chai';
import { finishChecksum } from '../../../src/roles/intercept/finish-checksum.ts';
import { foldChecksum, pseudoHeaderSum } from '../../../src/wire/checksum.ts';
import { writeU16 } from '../../../src/wire/bytes.ts';
import { PacketView } from '../../../src/wire/packet.ts';
import { TCP } from '../../../src/wire/tcp.ts';
import { V4, V6, clientData, text } from '../censor/playbook.ts';

for (const [family, ends] of Object.entries({ IPv4: V4, IPv6: V6 }))
  describe(`roles/intercept/finish-checksum over ${family}`, () => {
    const load = (): PacketView => {
      const packet = clientData(ends, text('some words'));
      const view = new PacketView();
      view.load(packet, 0, packet.length);
      return view;
    };

    it('completes what was left to the hardware', () => {
      const view = load();
      const { memory, sourceOffset, destinationOffset, addressLength, transportStart } = view;
      const length = view.payloadEnd - transportStart;
      const sum = pseudoHeaderSum(
        memory,
        sourceOffset,
        destinationOffset,
        addressLength,
        6,
        length,
      );
      writeU16(memory, transportStart + TCP.checksum, ~foldChecksum(sum) & 0xffff);
      expect(view.verifyTransportChecksum()).to.equal('invalid');
      finishChecksum(view);
      expect(view.verifyTransportChecksum()).to.equal('valid');
    });

    it('leaves what is right, and what is wrong in another way', () => {
      for (const damage of [0, 1]) {
        const view = load();
        view.memory[view.payloadStart] = (view.memory[view.payloadStart] ?? 0) ^ damage;
        const before = view.memory.slice();
        finishChecksum(view);
        expect(view.memory).to.deep.equal(before);
      }
    });
  });
