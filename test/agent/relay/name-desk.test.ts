import { expect } from 'chai';
import { NameDesk } from '../../../src/agent/relay/name-desk.ts';

describe('agent/relay/name-desk', () => {
  it('asks once for all who ask at once, and again for those who come later', () => {
    const asked: [number, string][] = [];
    const heard: string[] = [];
    const desk = new NameDesk((ticket, host) => asked.push([ticket, host]));
    const note =
      (who: string) =>
      (addresses: readonly string[], failure: string): void =>
        void heard.push(`${who}: ${addresses.join()}${failure}`);
    desk.lookUp('a', note('one'));
    desk.lookUp('b', note('two'));
    desk.lookUp('a', note('three'));
    desk.answer(1, ['192.0.2.1', '2001:db8::1'], '');
    desk.answer(2, [], 'ENOTFOUND');
    desk.lookUp('a', note('four'));
    expect(asked).to.deep.equal([
      [1, 'a'],
      [2, 'b'],
      [3, 'a'],
    ]);
    expect(heard).to.deep.equal([
      'one: 192.0.2.1,2001:db8::1',
      'three: 192.0.2.1,2001:db8::1',
      'two: ENOTFOUND',
    ]);
  });

  it('lets an answer pass that nobody waits for', () => {
    const desk = new NameDesk(() => undefined);
    expect(() => desk.answer(5, [], 'ENOTFOUND')).not.to.throw();
  });
});
