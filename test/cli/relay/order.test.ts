import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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

  it('takes a protocol, an order, threads, and a file of rules', () => {
    const folder = mkdtempSync(join(tmpdir(), 'relay-rules-'));
    const rules = join(folder, 'rules.yaml');
    writeFileSync(
      rules,
      'listen: unix:/run/front\ncontrol: ":1"\nrules: [{ direction: C->S, do: drop }]\n',
    );
    try {
      const { spec } = order({ rules, protocol: 'http', ordering: 'none', workers: '2' }).order;
      expect(spec).to.deep.include({
        ...{ ordering: 'none', workers: 2, listen: { kind: 'unix', path: '/run/front' } },
        control: { kind: 'tcp', host: '127.0.0.1', port: 1 },
      });
      expect(spec.protocol.protocol).to.equal('http');
      expect(spec.rules.map(({ at }) => at)).to.deep.equal(['C->P']);
      expect(order({ rules, listen: ':2' }).order.spec.listen).to.include({ port: 2 });
    } finally {
      rmSync(folder, { recursive: true });
    }
    expect(() => order({ protocol: 'htp' })).to.throw('There is no protocol "htp"');
    expect(() => order({ ordering: 'some' })).to.throw('"some"');
    expect(() => order({ workers: 'two' })).to.throw('0 to 64');
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
    const datagrams = order({ listen: 'udp://:53', target: 'original' });
    expect(datagrams.order.spec).to.include({ target: 'original', transparent: true });
  });

  for (const [title, options, reason] of [
    ['two places to listen', { port: '1', listen: ':2' }, 'say the same'],
    ['what is no address', { target: 'nowhere' }, 'found "nowhere" in --target'],
    ['datagrams to a stream', { listen: 'udp://:53' }, 'Datagrams are relayed to datagrams'],
    ['a stream to datagrams', { target: 'udp://[::1]:53' }, 'Datagrams are relayed to datagrams'],
    ['original of a Unix socket', { listen: 'unix:@a', target: 'original' }, 'Nothing is diverted'],
    ['transparent without original', { transparent: true }, '--transparent is for'],
    ['control over UDP', { control: 'udp://:1' }, 'controlled over HTTP'],
    ['a seed that is none', { seed: 'x' }, 'in --seed'],
  ] as const)
    it(`refuses ${title}`, () => expect(() => order(options)).to.throw(reason));
});
