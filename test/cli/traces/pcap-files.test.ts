import { expect } from 'chai';
import type { CarriedVisit } from '../../../src/analysis/traces/carried-check.ts';
import { extractTraces } from '../../../src/analysis/traces/extract-traces.ts';
import { joinRuns } from '../../../src/analysis/traces/join-runs.ts';
import { findVisits } from '../../../src/analysis/traces/visits.ts';
import { type TracedRun, pcapFiles } from '../../../src/cli/traces/pcap-files.ts';
import { parseIp } from '../../../src/base/addresses.ts';
import { buildUdp } from '../../../src/wire/build.ts';
import { LINKTYPE } from '../../../src/wire/pcap.ts';
import { readCapture } from '../../../src/wire/read-capture.ts';
import { compileRepositoryFile, mustPlan } from '../../scenario/compile-text.ts';
import { makePcap } from '../../wire/captures.ts';

const SECOND = 1_000_000;

/** Two visits over the tunnels of CoMPS: what the client sends by wgnet1 comes back by wgnet3. `stranger` sends beside it. */
function runOf(stranger: string | null): TracedRun {
  const plan = mustPlan(compileRepositoryFile('test/golden/tunnels.yaml'));
  const tunnel = plan.tunnels?.find(({ over }) => over.length > 0);
  const [first, , third] = plan.tunnels?.filter(({ name }) => tunnel?.over.includes(name)) ?? [];
  const node = tunnel?.client.node ?? '';
  const own = first?.client.addresses[0]?.replace(/\/.*/, '') ?? '';
  const other = third?.server.addresses[0]?.replace(/\/.*/, '') ?? '';
  const packet = (from: string, to: string, size: number): Uint8Array => {
    const [source, destination] = [parseIp(from), parseIp(to)];
    if (!source.ok || !destination.ok) throw new Error('No addresses');
    return buildUdp({
      ...{ source: source.value, destination: destination.value },
      ...{ sourcePort: 1, destinationPort: 2, payload: new Uint8Array(size - 28) },
    });
  };
  const files: Record<string, Uint8Array> = {};
  const put = (network: string, from: string, to: string): void => {
    files[network] = makePcap(
      [1, 11].map((at) => ({ time: at * SECOND, data: packet(from, to, 100 + at) })),
      LINKTYPE.LINKTYPE_RAW,
    );
  };
  put(first?.name ?? '', own, other);
  put(third?.name ?? '', stranger ?? other, stranger === null ? own : '10.9.9.8');
  const visits = findVisits(
    ['news', 'mail'].flatMap((flow, index) => [
      { kind: 'flow-begins' as const, time: index * 10 * SECOND, flow, attempt: 1, node },
      {
        kind: 'flow-ends' as const,
        time: (index * 10 + 2) * SECOND,
        flow,
        attempt: 1,
        failure: null,
      },
    ]),
    'main',
  );
  const captures = Object.keys(files).map((network) => ({
    ...{ node, network, interface: network, file: `${network}.pcap`, filter: '', snaplen: 0 },
  }));
  const run: TracedRun['run'] = {
    ...{ plan, visits, captures, notes: [], tuples: new Map() },
    read: ({ network }) => ({
      node,
      network,
      interface: network,
      bytes: files[network] ?? new Uint8Array(),
    }),
  };
  const watched = captures.flatMap((capture) => run.read(capture) ?? []);
  return {
    run,
    traces: extractTraces({ plan, captures: watched, visits, tuples: new Map() }).traces,
  };
}

function filesOf(runs: readonly TracedRun[]): {
  names: string[];
  contents: Map<string, string | Uint8Array>;
  differ: CarriedVisit[];
} {
  const differ: CarriedVisit[] = [];
  const joined = joinRuns(runs.map(({ traces }) => traces));
  const files = [...pcapFiles(runs, joined, (visit) => differ.push(visit))];
  const contents = new Map(files.map(({ name, content }) => [name, content]));
  return { names: [...contents.keys()], contents, differ };
}

describe('pcapFiles()', () => {
  it('has a file for each visit and path, counted on from run to run, and finds that bytes agree', () => {
    const { names, contents, differ } = filesOf([runOf(null), runOf(null)]);
    const paths = [...new Set(names.slice(1).map((name) => name.replace(/\/.*/, '')))];
    expect(paths).to.have.length(2);
    expect(names).to.deep.equal([
      'index.csv',
      ...[1, 2].flatMap((visit) =>
        paths.flatMap((path) => [`${path}/1-${visit}.pcap`, `${path}/0-${visit}.pcap`]),
      ),
    ]);
    const file = contents.get(names[1] ?? '');
    const read = file instanceof Uint8Array && readCapture(file);
    expect(
      read && read.ok && read.value.records.map(({ time, length }) => [time, length]),
    ).to.deep.equal([[SECOND, 101]]);
    expect(String(contents.get('index.csv')).split('\n')).to.have.length(10);
    expect(differ).to.deep.equal([]);
  });

  it('tells of visits beside which something else went by the tunnels', () => {
    const { differ } = filesOf([runOf('10.9.9.9')]);
    expect(differ.map(({ site, traced, carried }) => [site, carried - traced])).to.deep.equal([
      ['news', 101],
      ['mail', 111],
    ]);
  });
});
