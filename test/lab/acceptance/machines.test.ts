// The scenario "censor" over three machines: the same verdicts as on one, and, on one clock, the same order of packets.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { ApplyReport } from './support/runner.ts';
import { CHECKOUT, IS_ROOT, apply, scratch } from './support/runner.ts';
import type { LabMachines } from '../machines/machines.ts';
import { startMachines } from '../machines/machines.ts';
import { type Passage, readPassages } from './support/passages.ts';
import type { RunManifest } from '../../../src/model/run.ts';

const SCENARIO = join(CHECKOUT, 'scenarios/censor.yaml');
const PORT = 443;
/** Microseconds: on one machine, and far more than the clocks' error, packets this far apart have an order. */
const APART = 3000;

/** The scenario with each of its hosts on a machine of its own. */
const spread = (text: string): string =>
  text.replace(
    /^hosts: .*$/m,
    'inventory: hosts.ini\nhosts: { client: { on: m1 }, middle: { on: m2 }, server: { on: m3 } }',
  );

interface Outcome {
  readonly report: ApplyReport;
  readonly manifest: RunManifest;
  readonly passages: ReadonlyMap<string, readonly Passage[]>;
}

function outcomeOf(report: ApplyReport): Outcome {
  const manifest = JSON.parse(
    readFileSync(join(report.results, 'run.json'), 'utf8'),
  ) as RunManifest;
  const merged = join(report.results, 'captures/all.pcapng');
  return { report, manifest, passages: readPassages(merged, PORT) };
}

const verdictsOf = ({ report }: Outcome): unknown =>
  report.verdicts.map(({ flow, failure, cause, by }) => ({ flow, failure, cause, by }));

/** The pairs of passages of a connection whose order is told, as `earlier < later`. */
function ordersOf(passages: readonly Passage[]): Set<string> {
  const orders = new Set<string>();
  for (const first of passages)
    for (const second of passages)
      if (second.time - first.time > APART) orders.add(`${first.what} < ${second.what}`);
  return orders;
}

describe('apply scenarios/censor.yaml over three machines', function () {
  this.timeout(180_000);
  const folder = scratch('machines');
  let machines: LabMachines | undefined;
  let alone: Outcome;
  let apart: Outcome;

  before(async function () {
    if (!IS_ROOT) {
      process.stderr.write('      only root can make machines: run with sudo\n');
      this.skip();
    }
    machines = await startMachines({ machines: 3 });
    const { controller, folder: home } = machines;
    const file = join(home, 'spread.yaml');
    writeFileSync(file, spread(readFileSync(SCENARIO, 'utf8')));
    alone = outcomeOf(await apply(SCENARIO, { out: join(folder.path, 'alone') }));
    apart = outcomeOf(
      await apply(file, { ...controller, out: join(folder.path, 'apart'), timeout: 120_000 }),
    );
  });
  after(async () => {
    await machines?.dispose();
    folder.remove();
  });

  it('gives the same verdicts, and the expectations hold', () => {
    expect(verdictsOf(apart)).to.deep.equal(verdictsOf(alone));
    expect(apart.report.expectations.filter(({ held }) => !held)).to.deep.equal([]);
  });

  it('shows the same packets in the same order once the clocks are aligned', () => {
    expect([...apart.passages.keys()]).to.have.members([...alone.passages.keys()]);
    for (const [question, passages] of alone.passages) {
      const others = apart.passages.get(question) ?? [];
      const names = (list: readonly Passage[]): string[] => list.map(({ what }) => what).toSorted();
      expect(names(others), question).to.deep.equal(names(passages));
      const told = ordersOf(others);
      const contradicted = [...ordersOf(passages)].filter((order) =>
        told.has(order.split(' < ').reverse().join(' < ')),
      );
      expect(contradicted, question).to.deep.equal([]);
      expect(told.size, question).to.be.greaterThan(20);
    }
  });

  it('notes each machine with its clock, whose bound holds', () => {
    const noted = apart.manifest.machines;
    expect(noted.map(({ name }) => name)).to.deep.equal(['m1', 'm2', 'm3']);
    for (const { name, clock, underlay } of noted) {
      // They are one computer: the true offset is none.
      expect(Math.abs(clock.offset), name).to.be.at.most(clock.error);
      expect(clock.samples, name).to.be.at.least(16);
      expect(underlay, name).to.match(/^198\.18\.0\.\d$/);
    }
  });

  it('leaves nothing on any machine', async () => {
    for (const index of [1, 2, 3]) {
      const machine = machines?.machine(index);
      expect([...((await machine?.interfaces()) ?? [])].toSorted()).to.deep.equal(['eth0', 'lo']);
      const ours = (machine?.processes() ?? []).filter(({ argv }) => !argv[0]?.startsWith('sshd'));
      expect(ours).to.deep.equal([]);
    }
  });
});
