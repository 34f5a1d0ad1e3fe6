import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

interface Outcome {
  /** What was found, by row. */
  readonly found: Readonly<Record<string, readonly string[]>>;
  readonly facts: Readonly<Record<string, unknown>>;
}

const EXPERIMENT = fileURLToPath(new URL('./doctor.experiment.ts', import.meta.url));

/** In namespaces of its own: what an ordinary user has. */
async function experiment(): Promise<Outcome> {
  const namespaces = ['--user', '--map-root-user', '--net', '--mount', '--pid', '--fork'];
  const { stdout } = await promisify(execFile)('unshare', [
    ...[...namespaces, '--kill-child', '--mount-proc', '--'],
    ...[process.execPath, '--import', 'ts-blank-space/register', EXPERIMENT],
  ]);
  return JSON.parse(stdout) as Outcome;
}

/** docs/mirror.md, "What has to be so". */
const ROWS: Readonly<Record<string, readonly string[]>> = {
  'three hosts': [],
  'three hosts, IPv6': [],
  'strict rp_filter': [],
  'the assistant forwards': ['assistant-forwards'],
  'it forwards but what a rule drops': [],
  'no route': ['route-missing'],
  'another route': ['route-elsewhere'],
  'no third machine': [],
  'without the neighbour': ['neighbour-missing'],
  'a blackhole': ['route-blackhole'],
  'a blackhole, IPv6': ['route-blackhole'],
  'a second interface': [],
  'a second interface, strict rp_filter': ['reverse-path-filter'],
  'nothing listens': ['port-closed'],
  stream: [],
  'stream, nothing listens': ['port-closed'],
  bridge: [],
  'bridge, nothing listens': ['port-closed'],
  'bridge, netfilter off': ['bridge-netfilter-off'],
  'bridge, netfilter off, invalid dropped': ['bridge-netfilter-off', 'invalid-dropped'],
  'no NAT, invalid dropped on the way': ['invalid-dropped'],
  'bridge, netfilter on, a rule for invalid': [],
  'bridge, no third machine': ['target-rewritten'],
  'bridge, masquerading': ['source-rewritten'],
};

describe('agent/mirror/doctor', function () {
  this.timeout(120_000);
  let outcome: Outcome;
  before(async () => {
    outcome = await experiment();
  });

  it('inspectMirrors() has no other rows than these', () => {
    expect(Object.keys(outcome.found)).to.deep.equal(Object.keys(ROWS));
  });

  for (const [title, codes] of Object.entries(ROWS))
    it(`inspectMirrors() of "${title}" finds ${codes.join(' and ') || 'nothing'}`, () => {
      expect(outcome.found[title], JSON.stringify(outcome.facts[title])).to.deep.equal(codes);
    });
});
