import { expect } from 'chai';
import fc from 'fast-check';
import type { Message } from '../../../src/wire/protocol/contract.ts';
import { LITERALS, type Literal } from './openflow-literals.ts';
import { leavesOf, rewritten, settingsOf, shipped, writtenValue } from './protocols.ts';

const OPENFLOW = shipped('openflow');

const bytesOf = ({ hex }: Literal): Uint8Array => Uint8Array.from(Buffer.from(hex, 'hex'));

const said = (message: Message, path: string): readonly (string | number | null)[] =>
  message.find(path).flatMap((field) => [field.word, writtenValue(field)]);

function nameOf({ version, type, fields }: Literal): string {
  const subtype = fields['stats_type'] ?? fields['multipart_type'] ?? fields['error_type'] ?? '';
  return `${version} ${type} ${subtype}`.trimEnd();
}

describe('openflow', () => {
  for (const literal of LITERALS) {
    it(`reads and writes ${nameOf(literal)}`, () => {
      const message = OPENFLOW.read(bytesOf(literal), 'server');
      expect(message.fault).to.equal(null);
      expect(message.type).to.equal(literal.type);
      expect(said(message, 'version')).to.include(literal.version);
      expect(said(message, 'xid')).to.include(42);
      for (const [path, value] of Object.entries(literal.fields))
        expect(said(message, path), path).to.include(value);
      expect(Buffer.from(rewritten(OPENFLOW, message, 'client')).toString('hex')).to.equal(
        literal.hex,
      );
    });
  }

  for (const [version, name, last] of [
    ['OF1.0', 'types-1.0', 21],
    ['OF1.3', 'types-1.3', 29],
  ] as const)
    it(`has a message of each type of ${version}`, () => {
      const types = Object.entries(OPENFLOW.spec.enums[name] ?? {});
      const all = types.filter(([, number]) => number <= last).map(([word]) => word);
      expect(all).to.have.lengthOf(last + 1);
      const written = LITERALS.filter((literal) => literal.version === version);
      expect(new Set(written.map(({ type }) => type))).to.have.all.keys(all);
    });

  it('finds each field by its path', () => {
    for (const literal of LITERALS) {
      const message = OPENFLOW.read(bytesOf(literal), 'server');
      for (const field of leavesOf(message))
        expect(message.find(field.path), `${nameOf(literal)} ${field.path}`).to.deep.equal([field]);
    }
  });

  it('guards what would end a session', () => {
    const [literal] = LITERALS;
    const message = OPENFLOW.read(bytesOf(literal!), 'client');
    const guarded = leavesOf(message).filter((field) => field.guarded);
    expect(guarded.map(({ path }) => path)).to.deep.equal(['version', 'type', 'length']);
  });

  it('pads a field that is set, and its match, as the specification says', () => {
    const bytes = OPENFLOW.write(
      'FLOW_MOD',
      settingsOf({
        version: 'OF1.3',
        'match.vlan_vid': 'PRESENT',
        'match.vlan_vid.mask': 'PRESENT',
        'instructions.APPLY_ACTIONS.actions[0].type': 'SET_FIELD',
        'instructions.APPLY_ACTIONS.actions[0].field': 'ip_proto',
        'instructions.APPLY_ACTIONS.actions[0].value': 'UDP',
      }),
      'server',
    );
    expect(Buffer.from(bytes.subarray(48)).toString('hex')).to.equal(
      '0001000c80000d0410001000' +
        '00000000' +
        '0004001800000000' +
        '0019001080001401' +
        '1100000000000000',
    );
    expect(bytes).to.have.lengthOf(88);
  });

  it('writes the message of its documentation', () => {
    const values = {
      version: 'OF1.3',
      command: 'DELETE',
      table_id: 'ALL',
      out_port: 'ANY',
      out_group: 'ANY',
      buffer_id: 'NO_BUFFER',
      'match.type': 'OXM',
    };
    const bytes = OPENFLOW.write('FLOW_MOD', settingsOf(values), 'server');
    expect(Buffer.from(bytes).toString('hex')).to.equal(
      '040e0038' +
        '00'.repeat(20) +
        'ff03' +
        '00'.repeat(6) +
        'ff'.repeat(12) +
        '00000000' +
        '0001000400000000',
    );
  });

  it('knows by its fields which version a message is of', () => {
    const of = (values: Readonly<Record<string, string>>): readonly unknown[] => {
      const bytes = OPENFLOW.write('FLOW_MOD', settingsOf(values), 'server');
      return said(OPENFLOW.read(bytes, 'server'), 'version');
    };
    expect(of({ 'match.dl_type': 'ARP' })).to.include('OF1.0');
    expect(of({ 'match.eth_type': 'ARP' })).to.include('OF1.3');
  });

  it('passes messages of other versions, and reads the versions of a HELLO', () => {
    for (const [version, number] of Object.entries({ 2: 15, 3: 24, 5: 34, 6: 35 })) {
      const hex = `0${version}${number.toString(16).padStart(2, '0')}000c00000001aabbccdd`;
      const message = OPENFLOW.read(Buffer.from(hex, 'hex'), 'client');
      expect(message.fault).to.equal(null);
      expect(said(message, 'data')).to.include('aabbccdd');
      expect(Buffer.from(rewritten(OPENFLOW, message, 'client')).toString('hex')).to.equal(hex);
    }
    const hello = OPENFLOW.read(Buffer.from('06000010000000010001000800000072', 'hex'), 'client');
    expect(hello.type).to.equal('HELLO');
    expect(said(hello, 'elements.VERSIONBITMAP.bitmaps[0].bitmap')).to.include(
      'OF1.0+OF1.3+OF1.4+OF1.5',
    );
  });

  it('reads any damaged message', () => {
    const damage = fc.record({
      literal: fc.constantFrom(...LITERALS),
      at: fc.nat(200),
      remove: fc.nat(6),
      insert: fc.uint8Array({ maxLength: 6 }),
    });
    fc.assert(
      fc.property(damage, ({ literal, at, remove, insert }) => {
        const damaged = [...bytesOf(literal)];
        damaged.splice(at, remove, ...insert);
        const message = OPENFLOW.read(Uint8Array.from(damaged), 'client');
        let start = 0;
        for (const field of leavesOf(message)) {
          expect(field.start).to.be.at.least(start);
          expect(field.end).to.be.at.least(field.start).and.at.most(damaged.length);
          expect(field.path).not.to.equal('');
          start = field.start;
        }
        expect(OPENFLOW.typeOf(message.bytes, 'client')).to.equal(message.type);
      }),
      { numRuns: 300 },
    );
  });
});
