import { resolve } from 'node:path';
import { expect } from 'chai';
import { makeInput } from '../../../src/cli/input.ts';
import { type RelayByHand, orderRelay } from '../../../src/cli/relay/order.ts';
import { VERBS } from '../../../src/cli/verbs.ts';

describe('cli/relay/order', () => {
  const verb = VERBS.find(({ name }) => name === 'relay')!;
  const order = (options: Readonly<Record<string, string | true>>): RelayByHand => {
    const given = new Map(
      Object.entries(options).map(([name, value]) => [name, value === true ? value : [value]]),
    );
    return orderRelay(makeInput(verb, [], [], given, {}));
  };

  it("has mproxy's own ports where nothing is said", () => {
    const { order: said, target } = order({});
    expect(said.spec).to.deep.include({
      listen: { kind: 'tcp', host: '*', port: 6633 },
      target: { kind: 'tcp', host: '127.0.0.1', port: 6635 },
      control: null,
      transparent: false,
    });
    expect(said).to.include({ seed: 1, audit: null });
    expect(target).to.equal('tcp://127.0.0.1:6635');
  });

  it('takes addresses of every kind', () => {
    const { spec } = order({
      ...{ port: '1234', target: 'unix:@server', control: ':8474', seed: '7', audit: 'audit' },
    }).order;
    expect(spec).to.deep.include({
      listen: { kind: 'tcp', host: '*', port: 1234 },
      target: { kind: 'unix', path: '@server' },
      control: { kind: 'tcp', host: '127.0.0.1', port: 8474 },
    });
    expect(order({ listen: 'unix:./here' }).order.spec.listen).to.deep.equal({
      ...{ kind: 'unix', path: resolve('here') },
    });
    expect(order({ target: 'original', transparent: true })).to.include({ target: 'original' });
  });

  for (const [title, options, reason] of [
    ['two places to listen', { port: '1', listen: ':2' }, 'say the same'],
    ['what is no address', { target: 'nowhere' }, 'found "nowhere" in --target'],
    ['datagrams to a stream', { listen: 'udp://:53' }, 'Datagrams are relayed to datagrams'],
    ['a stream to datagrams', { target: 'udp://[::1]:53' }, 'Datagrams are relayed to datagrams'],
    ['original of UDP', { listen: 'udp://:53', target: 'original' }, 'Only TCP tells'],
    ['transparent without original', { transparent: true }, '--transparent is for'],
    ['control over UDP', { control: 'udp://:1' }, 'controlled over HTTP'],
    ['a seed that is none', { seed: 'x' }, 'in --seed'],
  ] as const)
    it(`refuses ${title}`, () => expect(() => order(options)).to.throw(reason));
});
