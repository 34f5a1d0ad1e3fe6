import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { Fault } from '../../../src/base/fault.ts';
import { chooseFlow } from '../../../src/cli/endpoint/choose-flow.ts';
import { compileScript } from '../../../src/cli/endpoint/compile-script.ts';
import { type PartyOrder, orderParty } from '../../../src/cli/endpoint/order.ts';
import { makeInput } from '../../../src/cli/input.ts';
import type { Input } from '../../../src/cli/verb.ts';
import { VERBS } from '../../../src/cli/verbs.ts';

type Options = Readonly<Record<string, string | true>>;

const inputOf = (options: Options): Input => {
  const verb = VERBS.find(({ name }) => name === 'endpoint')!;
  const given = Object.entries(options).map(
    ([name, value]) => [name, value === true ? value : [value]] as const,
  );
  return makeInput(verb, [], [], new Map(given), {});
};

const scenario = (transport: string): string => `version: 1
name: pair
hosts: { client: {}, server: {} }
networks: { wire: { subnet: 10.0.0.0/24, members: [client, server] } }
traffic:
  - name: greeting
    between: [client${transport === 'unix' ? '' : ':40000'}, server${transport === 'unix' ? '' : ':9000'}]
    transport: ${transport}
    script: [{ client: { send: hello } }, { server: { send: goodbye } }]
`;

describe('runner endpoint, up to the order', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'endpoint-order-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (text: string, name = 'pair.yaml'): string => {
    const file = join(folder, name);
    writeFileSync(file, text);
    return file;
  };
  const order = async (file: string, options: Options): Promise<PartyOrder> => {
    const input = inputOf(options);
    const { plan } = await compileScript(file, input);
    return orderParty(input, chooseFlow(file, plan!, input.text('flow')), plan!.seed);
  };
  const faultOf = async (file: string, options: Options): Promise<Fault> => {
    try {
      await order(file, options);
    } catch (error) {
      if (error instanceof Fault) return error;
      throw error;
    }
    throw new Error('No fault');
  };

  it("gives the connecting party the script's ends, and its own program alone", async () => {
    const { party, isListening, order: made } = await order(write(scenario('tcp')), {});
    expect([party, isListening, made.playFor]).to.deep.equal(['client', false, 0]);
    expect(made.spec.channels[0]).to.deep.include({
      source: { address: '10.0.0.1', port: 40000 },
      destination: { address: '10.0.0.2', port: 9000 },
    });
    expect(made.spec.parties.map(({ node, program }) => [node, program.length])).to.deep.equal([
      ['here', 2],
      ['there', 0],
    ]);
  });

  it('takes --src and --sport for the own end of the listening party', async () => {
    const ends = { src: 'FD00::2', sport: '81', dst: 'fd00:0::1', dport: '0' };
    const { order: made } = await order(write(scenario('tcp')), {
      ...ends,
      server: true,
      'replay-for': '0.5',
    });
    expect(made.playFor).to.equal(500);
    expect(made.spec.channels[0]).to.deep.include({
      source: { address: 'fd00::1', port: 0 },
      destination: { address: 'fd00::2', port: 81 },
    });
  });

  it('reads a list of packets', async () => {
    const list = [
      { sender: 'client', delay: 0, payload: 'a' },
      { sender: 'server', delay: 0, payload: 'b' },
    ];
    const file = write(JSON.stringify({ packets: list, sport: 5001, dport: 5002 }), 'config.json');
    const { order: made } = await order(file, { server: true });
    expect(made.spec.channels[0]?.destination.port).to.equal(5002);
  });

  it('verifies a TLS server when it is told by which authority', async () => {
    const file = write(scenario('tls'));
    expect((await order(file, {})).order.spec.tls?.verify).to.equal(false);
    const ca = write('-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n', 'ca.pem');
    const { tls, spec } = (await order(file, { ca })).order;
    expect(spec.tls?.verify).to.equal(true);
    expect(tls?.trust).to.contain('BEGIN CERTIFICATE');
  });

  const wrong: readonly [string, string, Options, string][] = [
    ['an unknown script', 'tcp', { flow: 'nope' }, 'has no script "nope"'],
    ['an unknown party', 'tcp', { party: 'nope' }, 'has no party "nope"'],
    ['two parties at once', 'tcp', { party: 'client', server: true }, '--server plays "server"'],
    ['a name for an address', 'tcp', { src: 'localhost' }, '--src: Expected an IPv4 or IPv6'],
    ['two families', 'tcp', { src: 'fd00::1' }, 'of two families'],
    [
      'a port that is none',
      'tcp',
      { sport: '65536' },
      'Expected a port from 0 to 65535 in --sport',
    ],
    ['no port to connect to', 'tcp', { dport: '0' }, 'Expected a port from 1 to 65535 in --dport'],
    ['port 0 of raw packets', 'raw-tcp', { sport: '0' }, 'from 1 to 65535 in --sport'],
    ['a time that is none', 'tcp', { 'replay-for': '-1' }, 'in --replay-for, found "-1"'],
    ['a time without end', 'tcp', { 'replay-for': '1000h' }, 'at most'],
    ['a socket file with tcp', 'tcp', { socket: '/tmp/s' }, '--socket means nothing'],
    ['no socket file with unix', 'unix', {}, 'needs a socket file'],
    ['an address with unix', 'unix', { socket: '/tmp/s', src: '::1' }, '--src means nothing'],
    ['an authority with tcp', 'tcp', { ca: '/dev/null' }, '--ca means nothing'],
    ['an authority of the server', 'tls', { ca: '/dev/null', server: true }, '--ca means nothing'],
    ['a key alone', 'tls', { key: '/dev/null', server: true }, 'is not in PEM'],
  ];
  for (const [what, transport, options, message] of wrong)
    it(`refuses ${what}`, async () => {
      const fault = await faultOf(write(scenario(transport)), options);
      expect(fault.message).to.contain(message);
      expect(fault.exitCode).to.equal(2);
    });

  it('refuses files without a script, with several and none named, and with three parties', async () => {
    const { message } = await faultOf('scenarios/censor.yaml', {});
    expect(message).to.contain('has no script to play');
    const several = await faultOf('scenarios/mice.yaml', {});
    expect(several.message).to.contain('has 2 scripts');
    expect(several.help).to.contain('trigger, innocent');
    const three = write(
      scenario('tcp')
        .replaceAll('client: {}', 'client: {}, other: {}')
        .replace('[client, server] }', '[client, other, server] }')
        .replace('client:40000, ', 'client:40000, other, ')
        .replace('{ server: { send: goodbye } }', '{ server: { send: goodbye, to: client } }'),
    );
    expect((await faultOf(three, {})).message).to.contain('has 3 parties and 2 connections');
  });
});
