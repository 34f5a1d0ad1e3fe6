import { expect } from 'chai';
import fc from 'fast-check';
import { ReadMessage } from '../../../../src/wire/protocol/read/read-message.ts';
import type { FieldNode } from '../../../../src/wire/protocol/read/field-node.ts';
import { flow, flowMod, note } from '../edit/flow.ts';
import { SETTINGS, leavesOf, settingsOf } from '../protocols.ts';

const MESSAGES = [
  { protocol: flow, side: 'client' as const, bytes: flowMod },
  { protocol: flow, side: 'client' as const, bytes: note },
  ...SETTINGS.map(({ protocol, type, side, values }) => ({
    protocol,
    side,
    bytes: protocol.write(type, settingsOf(values), side),
  })),
];

const placeOf = ({ path, start, end, member, value }: FieldNode): unknown => [
  path,
  start,
  end,
  member,
  value,
];

describe('ReadMessage.glance()', () => {
  it('finds what find() does, whatever was done to the message', () => {
    const damage = fc.array(
      fc.record({ at: fc.nat(120), remove: fc.nat(2), insert: fc.uint8Array({ maxLength: 2 }) }),
      { maxLength: 3 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...MESSAGES), damage, ({ protocol, side, bytes }, edits) => {
        const damaged = [...bytes];
        for (const { at, remove, insert } of edits) damaged.splice(at, remove, ...insert);
        const whole = protocol.read(Uint8Array.from(damaged), side);
        if (!(whole instanceof ReadMessage)) throw new Error('messages are of one class');
        const paths = leavesOf(whole).flatMap(({ path }) => [
          path,
          path.replace(/\[\d+\]/g, '[*]'),
        ]);
        for (const path of new Set([...paths, 'nothing', 'xid.nothing'])) {
          const glanced = whole.reread(whole.bytes).glance(path);
          expect(glanced.map(placeOf), path).to.deep.equal(whole.find(path).map(placeOf));
        }
      }),
    );
  });
});
