import { expect } from 'chai';
import { findMirrorFaults } from '../../../src/analysis/mirror/find-mirror-faults.ts';
import type { MirrorFacts, MirrorFindingCode } from '../../../src/model/mirror-doctor.ts';
import type { PlanMirror } from '../../../src/model/mirror.ts';
import { DEFAULT_MIRROR } from '../../../src/model/mirror-defaults.ts';

const MIRROR: PlanMirror = {
  ...DEFAULT_MIRROR,
  name: 'shadow',
  clients: ['10.190.0.0/16'],
  online: { node: 'online', addresses: ['10.1.0.2'], port: 9999 },
  target: { node: 'target', addresses: ['10.2.0.2'], port: 10_231 },
  assistant: 'assistant',
};
const ITSELF: PlanMirror = { ...MIRROR, assistant: 'target' };

/** Three hosts that do. */
const SOUND: MirrorFacts = {
  port: 'open',
  route: 'assistant',
  neighbour: null,
  forwards: false,
  reversePath: { filter: 0, isSameInterface: true },
  nat: { destination: false, source: false },
  bridgeNetfilter: null,
  dropsInvalid: false,
};
/** Target and assistant on a machine's bridge, with published ports. */
const BRIDGED: MirrorFacts = {
  ...SOUND,
  nat: { destination: true, source: false },
  bridgeNetfilter: true,
};

interface Row {
  readonly mirror?: PlanMirror;
  readonly facts: MirrorFacts;
  readonly finds: readonly MirrorFindingCode[];
}

/** The set-ups that were measured with tcpcopy: those that copy, and why the others do not. */
const MATRIX: Readonly<Record<string, Row>> = {
  'three hosts': { facts: SOUND, finds: [] },
  'three hosts, strict rp_filter everywhere': {
    facts: { ...SOUND, reversePath: { filter: 1, isSameInterface: true } },
    finds: [],
  },
  'the assistant forwards': { facts: { ...SOUND, forwards: true }, finds: ['assistant-forwards'] },
  'no route to the assistant': { facts: { ...SOUND, route: 'none' }, finds: ['route-missing'] },
  'another route': { facts: { ...SOUND, route: 'elsewhere' }, finds: ['route-elsewhere'] },
  'no third machine, with a neighbour that is nobody': {
    mirror: ITSELF,
    facts: { ...SOUND, route: 'local', neighbour: true, forwards: true },
    finds: [],
  },
  'no third machine, without that neighbour': {
    mirror: ITSELF,
    facts: { ...SOUND, route: 'local', neighbour: false },
    finds: ['neighbour-missing'],
  },
  'no third machine, with a blackhole': {
    mirror: ITSELF,
    facts: { ...SOUND, route: 'blackhole' },
    finds: ['route-blackhole'],
  },
  'a route by a second interface and strict rp_filter': {
    facts: { ...SOUND, reversePath: { filter: 1, isSameInterface: false } },
    finds: ['reverse-path-filter'],
  },
  'the same with loose rp_filter': {
    facts: { ...SOUND, reversePath: { filter: 2, isSameInterface: false } },
    finds: [],
  },
  'published ports on a bridge with bridge netfilter': { facts: BRIDGED, finds: [] },
  'the same with nothing listening': {
    facts: { ...BRIDGED, port: 'closed' },
    finds: ['port-closed'],
  },
  'the same without bridge netfilter': {
    facts: { ...BRIDGED, bridgeNetfilter: false },
    finds: ['bridge-netfilter-off'],
  },
  'the same, forwarding': {
    facts: { ...BRIDGED, bridgeNetfilter: false, forwards: true },
    finds: ['assistant-forwards', 'bridge-netfilter-off'],
  },
  'the same, with a rule against invalid packets': {
    facts: { ...BRIDGED, bridgeNetfilter: false, dropsInvalid: true },
    finds: ['bridge-netfilter-off', 'invalid-dropped'],
  },
  'a target behind NAT': {
    facts: { ...SOUND, nat: { destination: true, source: false } },
    finds: ['target-rewritten'],
  },
  'masquerading towards the target': {
    facts: { ...SOUND, nat: { destination: false, source: true } },
    finds: ['source-rewritten'],
  },
  'a rule against invalid packets without NAT': {
    facts: { ...SOUND, dropsInvalid: true },
    finds: ['invalid-dropped'],
  },
  'nobody answers': { facts: { ...SOUND, port: 'silent' }, finds: ['port-silent'] },
  'stream mode, whatever the network': {
    mirror: { ...MIRROR, mode: 'stream' },
    facts: { ...BRIDGED, route: 'none', forwards: true, bridgeNetfilter: false },
    finds: [],
  },
  'nothing could be found out': {
    facts: {
      port: null,
      route: null,
      neighbour: null,
      forwards: null,
      reversePath: null,
      nat: null,
      bridgeNetfilter: null,
      dropsInvalid: null,
    },
    finds: [],
  },
};

describe('analysis/mirror/find-mirror-faults', () => {
  for (const [what, { mirror = MIRROR, facts, finds }] of Object.entries(MATRIX))
    it(`findMirrorFaults() finds ${finds.join(' and ') || 'nothing'}: ${what}`, () => {
      expect(findMirrorFaults(mirror, facts).map(({ code }) => code)).to.deep.equal(finds);
    });

  it('findMirrorFaults() says what fails, for whom, and what mends it', () => {
    expect(findMirrorFaults(MIRROR, { ...SOUND, route: 'none' })).to.deep.equal([
      {
        code: 'route-missing',
        effect: 'leaks',
        message:
          'What "target" answers to 10.190.0.0/16 does not go to "assistant" but to the clients, which reset the copies\' connections',
        help: 'On "target": ip route add 10.190.0.0/16 via the address of "assistant"',
      },
    ]);
    const [neighbour] = findMirrorFaults(ITSELF, { ...SOUND, route: 'local', neighbour: false });
    expect(neighbour?.help).to.equal(
      'On "target": ip route add 10.190.0.0/16 via an address that nobody has, and ip neigh add that address with any MAC, permanent',
    );
    const mapped = { ...MIRROR, mapped: ['10.200.0.0/24'] };
    expect(findMirrorFaults(mapped, { ...SOUND, route: 'blackhole' })[0]?.message).to.include(
      'answers to 10.200.0.0/24 is dropped',
    );
  });
});
