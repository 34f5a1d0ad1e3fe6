// What Open vSwitch, its ovs-ofctl and its test controller say to each other: recorded/.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { Side } from '../../../src/wire/protocol/contract.ts';
import { ROOT } from '../../scenario/compile-text.ts';
import { rewritten, shipped } from './protocols.ts';

const RECORDED = join(ROOT, 'test/wire/protocol/recorded');
const OPENFLOW = shipped('openflow');

interface Spoken {
  readonly side: Side;
  readonly bytes: Uint8Array;
}

function conversation(file: string): readonly Spoken[] {
  const lines = readFileSync(join(RECORDED, file), 'utf8').split('\n');
  return lines.flatMap((line): Spoken[] => {
    const [, direction, hex = ''] = /^([<>]) ([\da-f]+)$/.exec(line) ?? [];
    if (direction === undefined) return [];
    const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
    return [{ side: direction === '>' ? 'client' : 'server', bytes }];
  });
}

/** Types of messages, with those of errors and statistics. */
function typesOf(messages: readonly Spoken[]): ReadonlySet<string> {
  return new Set(
    messages.map(({ side, bytes }) => {
      const message = OPENFLOW.read(bytes, side);
      const inner = ['stats_type', 'multipart_type', 'error_type', 'code'].flatMap((path) =>
        message.find(path).map((field) => field.word ?? String(field.value)),
      );
      return [message.type, ...inner].join(' ');
    }),
  );
}

describe('openflow of Open vSwitch', () => {
  for (const file of readdirSync(RECORDED)) {
    const messages = conversation(file);

    it(`is framed: ${file}`, () => {
      for (const side of ['client', 'server'] as const) {
        const spoken = messages.filter((message) => message.side === side);
        const stream = Buffer.concat(spoken.map(({ bytes }) => bytes));
        const framer = OPENFLOW.framer(side);
        const framed: Uint8Array[] = [];
        // As many bytes as lie across messages now and then.
        for (let at = 0; at < stream.length; at += 1448) {
          framer.push(stream.subarray(at, at + 1448));
          for (let next = framer.next(); next !== null; next = framer.next())
            framed.push(next.slice());
        }
        expect(framer.fault).to.equal(null);
        expect(framer.waiting).to.equal(0);
        expect(framed).to.deep.equal(spoken.map(({ bytes }) => bytes));
      }
    });

    it(`is read and written: ${file}`, () => {
      for (const { side, bytes } of messages) {
        const message = OPENFLOW.read(bytes, side);
        expect(message.fault, message.type).to.equal(null);
        expect(rewritten(OPENFLOW, message, side), message.type).to.deep.equal(bytes);
      }
    });
  }

  it('has flows, groups, meters and errors among it', () => {
    expect(typesOf(conversation('ofctl-1.3.txt'))).to.include.all.keys(
      'FLOW_MOD',
      'GROUP_MOD',
      'METER_MOD',
      'MULTIPART_REPLY FLOW',
      'MULTIPART_REPLY GROUP_DESC',
      'MULTIPART_REPLY METER_CONFIG',
      'ERROR GROUP_MOD_FAILED GROUP_EXISTS',
      'ERROR BAD_ACTION BAD_OUT_GROUP',
    );
    expect(typesOf(conversation('testcontroller-1.0.txt'))).to.include.all.keys(
      'FEATURES_REPLY',
      'PACKET_IN',
      'PACKET_OUT',
      'FLOW_MOD',
      'PORT_STATUS',
    );
  });
});
