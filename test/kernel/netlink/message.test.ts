import { expect } from 'chai';
import fc from 'fast-check';
import { setUp } from '../../../src/kernel/netlink/link.ts';
import {
  MessageWriter,
  encodeMessages,
  parseRefusals,
} from '../../../src/kernel/netlink/message.ts';

// Little-endian, as the machines that these bytes are written for.
const SET_UP_LO = [
  '20000000 1000 0100 01000000 00000000', // length 32, RTM_NEWLINK, NLM_F_REQUEST, sequence 1
  '00 00 0000 01000000 01000000 01000000', // ifinfomsg: lo, IFF_UP
];
const bytes = (...rows: string[]): Buffer => Buffer.from(rows.join('').replaceAll(' ', ''), 'hex');

describe('encodeMessages()', () => {
  it('numbers messages from 1 and asks for an acknowledgement of the last alone', () => {
    expect(encodeMessages([setUp(1), setUp(1)]).toString('hex')).to.equal(
      bytes(
        ...SET_UP_LO,
        '20000000 1000 0500 02000000 00000000',
        '00 00 0000 01000000 01000000 01000000',
      ).toString('hex'),
    );
  });
});

describe('MessageWriter', () => {
  it('fills in the lengths of nested attributes and aligns them to 4 bytes', () => {
    const out = new MessageWriter();
    out.nested(18, () => {
      out.attributeText(1, 'veth');
      out.attributeU8(2, 7);
    });
    expect(out.take().toString('hex')).to.equal(
      bytes('18001280', '09000100 76657468 00000000', '05000200 07000000').toString('hex'),
    );
  });

  it('grows', () => {
    const out = new MessageWriter();
    for (let count = 0; count < 5000; count += 1) out.u32(count);
    expect(out.length).to.equal(20_000);
    expect(out.take().readUInt32LE(4999 * 4)).to.equal(4999);
  });
});

describe('parseRefusals()', () => {
  const ACK = '24000000 0200 0000 01000000 00000000 00000000 20000000 1000 0500 01000000 00000000';

  it('finds none in an acknowledgement', () => {
    expect(parseRefusals(bytes(ACK))).to.deep.equal([]);
  });

  it('gives the message, the errno and the words of an extended acknowledgement', () => {
    const refusal = [
      '30000000 0200 0003 02000000 00000000', // NLM_F_CAPPED | NLM_F_ACK_TLVS, sequence 2
      'efffffff 20000000 1000 0500 02000000 00000000', // -EEXIST, the refused header
      '0a000100 7461 6b65 6e00 0000', // NLMSGERR_ATTR_MSG "taken"
    ];
    expect(parseRefusals(bytes(ACK, ...refusal))).to.deep.equal([
      { index: 1, code: 'EEXIST', text: 'taken' },
    ]);
  });

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (noise) => {
        parseRefusals(noise);
      }),
    );
  });
});
