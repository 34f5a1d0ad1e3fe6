import { join } from 'node:path';
import { expect } from 'chai';
import type { HopAnswer, Observation } from '../../../src/model/observation.ts';
import type { TracePayload } from '../../../src/model/probe.ts';
import type { ProbeSpec, Target } from '../../../src/model/traffic.ts';
import { PEER_PORT } from './hostile-peer.ts';
import { startHostilePeer } from './start-peer.ts';
import { SERVER, createTwoNodes, flow, service } from './two-nodes.ts';
import type { TwoNodes } from './two-nodes.ts';

/** A third node behind the server, which forwards. */
const FAR = { v4: '10.10.0.2', v6: 'fd10::2' };

const at = (address: string, port = 0): Target => ({ host: address, address, port });
const ping = (target: Target, change: object = {}): ProbeSpec => ({
  ...{ kind: 'ping', target, count: 3, size: 56, ttl: 64, interval: 20, timeout: 1000 },
  ...change,
});
const trace = (target: Target, payload: TracePayload, change: object = {}): ProbeSpec => ({
  ...{ kind: 'traceroute', target, payload, maxTtl: 4, hopTimeout: 500, attempts: 1 },
  timeout: 20_000,
  ...change,
});

const TLS: TracePayload = { kind: 'tls', sni: 'www.example' };
const DNS: TracePayload = { kind: 'dns', qname: 'www.example' };
const OVER_TCP: TracePayload = { kind: 'dns-tcp', qname: 'www.example' };
const SUCCESS = { failure: null, operation: null };

type Case = readonly [
  title: string,
  probe: ProbeSpec,
  wished: Partial<Observation>,
  /** TTL, kind and source of each answer. */
  hops: readonly (readonly [number, HopAnswer['kind'], string])[],
];

const CASES: readonly Case[] = [
  [
    'echo requests of IPv4',
    trace(at(FAR.v4), { kind: 'icmp' }),
    SUCCESS,
    [
      [1, 'time-exceeded', SERVER.v4],
      [2, 'echo-reply', FAR.v4],
    ],
  ],
  [
    'echo requests of IPv6',
    trace(at(FAR.v6), { kind: 'icmp' }, { attempts: 2 }),
    SUCCESS,
    [
      [1, 'time-exceeded', SERVER.v6],
      [1, 'time-exceeded', SERVER.v6],
      [2, 'echo-reply', FAR.v6],
      [2, 'echo-reply', FAR.v6],
    ],
  ],
  [
    'datagrams to a closed port',
    trace(at(FAR.v4, 33_434), { kind: 'udp' }),
    SUCCESS,
    [
      [1, 'time-exceeded', SERVER.v4],
      [2, 'unreachable', FAR.v4],
    ],
  ],
  [
    'datagrams of IPv6',
    trace(at(FAR.v6, 33_434), { kind: 'udp' }),
    SUCCESS,
    [
      [1, 'time-exceeded', SERVER.v6],
      [2, 'unreachable', FAR.v6],
    ],
  ],
  [
    'SYNs',
    trace(at(FAR.v4, 443), { kind: 'tcp' }),
    SUCCESS,
    [
      [1, 'time-exceeded', SERVER.v4],
      [2, 'syn-ack', FAR.v4],
    ],
  ],
  [
    'SYNs of IPv6',
    trace(at(FAR.v6, 443), { kind: 'tcp' }),
    SUCCESS,
    [
      [1, 'time-exceeded', SERVER.v6],
      [2, 'syn-ack', FAR.v6],
    ],
  ],
  [
    'SYNs to a closed port',
    trace(at(FAR.v4, 9), { kind: 'tcp' }),
    { failure: 'connection_refused', operation: 'read' },
    [
      [1, 'time-exceeded', SERVER.v4],
      [2, 'rst', FAR.v4],
    ],
  ],
  [
    'hellos',
    trace(at(FAR.v4, 443), TLS),
    SUCCESS,
    [
      [1, 'time-exceeded', SERVER.v4],
      [2, 'data', FAR.v4],
    ],
  ],
  [
    'hellos of IPv6',
    trace(at(FAR.v6, 443), TLS),
    SUCCESS,
    [
      [1, 'time-exceeded', SERVER.v6],
      [2, 'data', FAR.v6],
    ],
  ],
  [
    'hellos that a router resets',
    trace(at(FAR.v4, 444), TLS),
    { failure: 'connection_reset', operation: 'read', detail: 'rst at TTL 1' },
    [[1, 'rst', FAR.v4]],
  ],
  [
    'queries to the next node',
    trace(at(SERVER.v4, 53), DNS),
    { ...SUCCESS, answers: ['10.9.0.2'] },
    [[1, 'data', SERVER.v4]],
  ],
  [
    'queries in a connection',
    trace(at(SERVER.v6, 53), OVER_TCP),
    { ...SUCCESS, answers: ['10.9.0.2'] },
    [[1, 'data', SERVER.v6]],
  ],
  [
    'queries to a port where nobody listens',
    trace(at(SERVER.v4, 5353), DNS),
    { failure: 'connection_refused', operation: 'read' },
    [[1, 'unreachable', SERVER.v4]],
  ],
  [
    'hellos that are answered by a FIN',
    trace(at(SERVER.v4, PEER_PORT.finOnData), TLS),
    { failure: 'eof_error', operation: 'read' },
    [[1, 'fin', SERVER.v4]],
  ],
  [
    'hellos without a connection',
    trace(at(FAR.v4, 9), TLS),
    { failure: 'connection_refused', operation: 'connect' },
    [],
  ],
  [
    'hellos that nobody answers',
    trace(at(SERVER.v4, PEER_PORT.silent), TLS, { maxTtl: 2, hopTimeout: 200 }),
    { failure: 'generic_timeout_error', operation: 'traceroute' },
    [],
  ],
  [
    'a way that ends before the destination',
    trace(at(FAR.v4), { kind: 'icmp' }, { maxTtl: 1 }),
    { failure: 'generic_timeout_error', operation: 'traceroute' },
    [[1, 'time-exceeded', SERVER.v4]],
  ],
];

describe('agent/endpoint ping and traceroute over a router', function () {
  this.timeout(60_000);
  let lab: TwoNodes;

  before(async () => {
    const names = service('names', {
      ...{ kind: 'dns', port: 53, ttl: 60 },
      records: [{ name: 'www.example', type: 'A', value: '10.9.0.2' }],
    });
    lab = createTwoNodes(
      [names],
      [
        ...CASES.map(([title, probe]) => flow(title, probe)),
        flow('ping', ping(at(FAR.v4))),
        flow('ping of IPv6', ping(at(FAR.v6), { size: 2000 })),
        flow('ping that expires', ping(at(FAR.v4), { ttl: 1, count: 2 })),
        flow('ping of nobody', ping(at('10.10.0.99'), { count: 1, timeout: 300 })),
        flow('ping without a route', ping(at('192.0.2.1'))),
        flow('trace out of time', trace(at(SERVER.v4, PEER_PORT.silent), TLS, { timeout: 300 })),
      ],
    );
    await Promise.all([lab.startServices(), startHostilePeer(lab)]);
    await addFarNode(lab);
  });
  after(() => lab.close());

  for (const [title, , wished, hops] of CASES)
    it(`runFlow() traces ${title}`, async () => {
      const found = await lab.runFlow(title, 1);
      expect(found, JSON.stringify(found)).to.deep.include(wished);
      const answers = (found.hops ?? []).flatMap((hop) =>
        hop.answers.map(({ kind, address }) => [hop.ttl, kind, address]),
      );
      expect(answers, JSON.stringify(found)).to.deep.equal(hops);
      for (const { rtt } of (found.hops ?? []).flatMap((hop) => hop.answers))
        expect(rtt).to.be.within(0, 500);
    });

  it('runFlow() pings and notes each reply', async () => {
    for (const title of ['ping', 'ping of IPv6']) {
      const found = await lab.runFlow(title, 1);
      expect(found, JSON.stringify(found)).to.include({ ...SUCCESS, probe: 'ping' });
      expect(found.rtts).to.have.lengthOf(3);
      for (const rtt of found.rtts ?? []) expect(rtt).to.be.within(0.001, 500);
    }
    expect((await lab.runFlow('ping of IPv6', 2)).received).to.equal(6000);
  });

  it('runFlow() says why a ping fails', async () => {
    const expired = await lab.runFlow('ping that expires', 1);
    expect(expired).to.include({
      ...{ failure: 'host_unreachable', operation: 'ping' },
      detail: `time exceeded at ${SERVER.v4}`,
    });
    expect(expired.rtts).to.deep.equal([null, null]);
    expect(await lab.runFlow('ping of nobody', 1)).to.include({
      ...{ failure: 'generic_timeout_error', operation: 'ping' },
    });
    expect(await lab.runFlow('ping without a route', 1)).to.include({
      ...{ failure: 'network_unreachable', operation: 'ping' },
    });
  });

  it('runFlow() ends a trace that is out of time', async () => {
    const found = await lab.runFlow('trace out of time', 1);
    expect(found).to.include({ failure: 'generic_timeout_error', operation: 'traceroute' });
    expect(found.end - found.start).to.be.below(1_000_000);
    expect(found.hops).to.have.lengthOf(1);
  });
});

/** The server forwards to it, and resets whatever carries data to port 444 on the way there. */
async function addFarNode(lab: TwoNodes): Promise<void> {
  const pem = join(lab.directory, 'far.pem');
  await lab.inNode(
    'server',
    ...['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ...['-nodes', '-days', '1', '-subj', '/CN=www.example', '-keyout', pem, '-out', `${pem}.crt`],
  );
  await lab.startInNode('server', 'sh', '-ec', FAR_NODE, 'sh', pem);
  await lab.inNode('client', 'ip', 'route', 'add', '10.10.0.0/24', 'via', SERVER.v4);
  await lab.inNode('client', 'ip', '-6', 'route', 'add', 'fd10::/64', 'via', SERVER.v6);
}

const FAR_NODE = `
unshare --net sleep 600 & far=$!
until [ "$(readlink /proc/$far/ns/net)" != "$(readlink /proc/self/ns/net)" ]; do sleep 0.02; done
ip link add far type veth peer name eth0 netns $far
ip address add 10.10.0.1/24 dev far
ip address add fd10::1/64 dev far nodad
ip link set far up
echo 1 > /proc/sys/net/ipv4/ip_forward
echo 1 > /proc/sys/net/ipv6/conf/all/forwarding
nft 'add table inet censor; add chain inet censor early { type filter hook prerouting priority 0; }; add rule inet censor early tcp dport 444 meta length > 100 reject with tcp reset'
nsenter -t $far -n sh -ec '
  ip link set lo up
  ip address add 10.10.0.2/24 dev eth0
  ip address add fd10::2/64 dev eth0 nodad
  ip link set eth0 up
  ip route add default via 10.10.0.1
  ip -6 route add default via fd10::1
  for port in 443 444; do openssl s_server -quiet -accept $port -key "$1" -cert "$1.crt" >&2 & done
  until [ "$(ss -Hlnt | wc -l)" -ge 2 ]; do sleep 0.05; done
' sh "$1"
echo ready
wait
`;
