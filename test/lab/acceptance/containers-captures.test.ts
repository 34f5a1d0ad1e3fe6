// What the captures of scenarios/mice-docker.yaml show is what they show when bare hosts stand in for its containers.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { parse } from 'yaml';
import { type Connection, type Segment, readConnections } from './support/connections.ts';
import { needBaseImage, needEngine } from './support/engine.ts';
import { CHECKOUT, apply, scratch } from './support/runner.ts';

const SCENARIO = join(CHECKOUT, 'scenarios/mice-docker.yaml');
const PORT = 443;
const SITES = ['blocked.example', 'fine.example'];
const CAPTURES = ['client.inside', 'middle.inside', 'middle.outside', 'server.outside'];
/** Bytes by which a TLS flight may differ: a DER-encoded ECDSA signature varies in length, and there are two of them. */
const SIGNATURES = 8;

/** The scenario with bare hosts in place of its containers, as JSON, which is YAML. */
function withHosts(text: string): string {
  const { containers, expect: expectations, ...rest } = parse(text) as Scenario;
  const hosts = Object.fromEntries(Object.keys(containers).map((name) => [name, {}]));
  return JSON.stringify({
    ...rest,
    hosts,
    expect: expectations.filter((expectation) => !('container' in expectation)),
  });
}

interface Scenario {
  readonly containers: Readonly<Record<string, unknown>>;
  readonly expect: readonly object[];
}

type Views = ReadonlyMap<string, ReadonlyMap<number, Connection>>;

const readViews = (results: string): Views =>
  new Map(
    CAPTURES.map((name) => [name, readConnections(join(results, `captures/${name}.pcap`), PORT)]),
  );

/** A connection as one capture shows it. Which is which only the client's own capture tells: a censor may hide the question. */
function connectionOf(site: string, capture: string, views: Views): Connection | undefined {
  const asked = [...(views.get('client.inside')?.values() ?? [])].find(({ question }) =>
    question.includes(site),
  );
  return views.get(capture)?.get(asked?.clientPort ?? -1);
}

describe('apply scenarios/mice-docker.yaml', function () {
  this.timeout(300_000);
  const folder = scratch('containers-captures');
  let containers: Views = new Map();
  let hosts: Views = new Map();

  before(async function () {
    needEngine(this);
    needBaseImage();
    const timeout = 240_000;
    const first = await apply(SCENARIO, { out: join(folder.path, 'containers'), timeout });
    const file = join(folder.path, 'hosts.yaml');
    writeFileSync(file, withHosts(readFileSync(SCENARIO, 'utf8')));
    const second = await apply(file, { out: join(folder.path, 'hosts') });
    const named = readdirSync(join(first.results, 'captures')).toSorted();
    expect(named).to.deep.equal(readdirSync(join(second.results, 'captures')).toSorted());
    containers = readViews(first.results);
    hosts = readViews(second.results);
  });
  after(() => folder.remove());

  for (const capture of CAPTURES)
    for (const site of SITES)
      it(`shows at ${capture} the packets of bare hosts that ask for ${site}`, () => {
        const ours = connectionOf(site, capture, containers);
        const theirs = connectionOf(site, capture, hosts);
        if (!ours || !theirs) throw new Error('The connection is missing in one of the captures');
        for (const side of ['fromClient', 'fromServer'] as const) {
          expect(shapes(ours[side]), side).to.deep.equal(shapes(theirs[side]));
          ours[side].forEach(({ length }, index) => {
            const wished = theirs[side][index]?.length ?? NaN;
            expect(length, `${side} ${index}`).to.be.closeTo(wished, wished === 0 ? 0 : SIGNATURES);
          });
        }
      });

  it('takes the images of an earlier run with --no-build, and has no censor with --no-censor', async () => {
    const file = join(folder.path, 'without.yaml');
    const { expect: expectations, ...rest } = parse(readFileSync(SCENARIO, 'utf8')) as Scenario;
    expect(expectations).to.not.be.empty;
    const containersOf = JSON.stringify(rest).replaceAll('../infra/', `${CHECKOUT}/infra/`);
    writeFileSync(file, containersOf);
    const out = join(folder.path, 'without');
    const report = await apply(file, { out, flags: ['--no-build', '--no-censor'] });
    expect(report.verdicts.map(({ failure }) => failure)).to.deep.equal([null, null]);
    const { images } = JSON.parse(readFileSync(join(report.results, 'run.json'), 'utf8')) as {
      images: readonly { origin: string }[];
    };
    expect(images.map(({ origin }) => origin)).to.deep.equal(['local', 'local', 'local']);
  });
});

const shapes = (segments: readonly Segment[]): string[] =>
  segments.map(({ flags, ttl }) => `${flags} ttl ${ttl}`);
