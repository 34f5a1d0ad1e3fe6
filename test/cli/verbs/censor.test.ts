import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { LINKTYPE, readPcap, readPcapHeader } from '../../../src/wire/pcap.ts';
import { V4, clientData, handshake, hello, serverData, text } from '../../roles/censor/playbook.ts';
import { smallModel } from '../../onnx/small-model.ts';
import { makePcap } from '../../wire/captures.ts';
import { RUNNER, runRunner } from '../spawn-runner.ts';

const SCENARIO = `version: 1
name: two
params: { name: { type: string, default: blocked.example } }
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: 10.10.1.0/24, members: [client, middle] }
  outside: { subnet: 10.10.2.0/24, members: [middle, server] }
censor:
  - name: first
    on: middle
    rules: [{ name: names, match: { tls.sni: "\${params.name}" }, action: { reset: { sides: both } } }]
  - name: second
    on: middle
    rules: [{ name: all, match: { tcp.dstport: 443 }, action: drop }]
traffic:
  - { name: stop-first, censor: first, do: stop }
  - { name: stop-second, censor: second, do: stop }
`;
const CAPTURE = makePcap(
  [
    ...handshake(V4),
    clientData(V4, hello('blocked.example')),
    serverData(V4, text('x')),
    ...handshake({ ...V4, clientPort: 41_000 }),
  ].map((data, at) => ({ time: 1_700_000_000_000_000 + at * 1000, data })),
  LINKTYPE.LINKTYPE_RAW,
);

describe('runner censor', function () {
  this.timeout(30_000);
  let folder = '';
  const run = (...argv: string[]) => runRunner(['censor', 'two.yaml', ...argv], { cwd: folder });
  const capture = ['--pcap', 'in.pcap'];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'censor-'));
    writeFileSync(join(folder, 'two.yaml'), SCENARIO);
    writeFileSync(join(folder, 'in.pcap'), CAPTURE);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('lists the packets and flows that something happens to, and the counters', () => {
    const { status, stdout } = run(...capture, '--censor', 'first');
    expect(status).to.equal(0);
    expect(stdout).to.match(
      /^ +4 +0\.003000 +1 +drop \+2 injected +names +reset: tls\.sni blocked/m,
    );
    expect(stdout).to.match(
      /^1 +10\.0\.0\.1:40000 +10\.0\.0\.2:443 +tcp +5 +reset by names at packet 4/m,
    );
    expect(stdout).to.contain('1 flow untouched');
    expect(stdout).to.contain('8 packets · 2 flows · 7 passed · 1 dropped · 2 injected');
    expect(stdout).not.to.match(/^ +1 +0\.000000/m);
    expect(run(...capture, '--censor', 'first', '--all').stdout).to.match(
      /^ +1 +0\.000000 +1 +pass$/m,
    );
  });

  it('prints every packet and flow as one JSON object, and takes parameters', () => {
    const said = JSON.parse(run(...capture, '--censor', 'first', '--json').stdout) as {
      packets: { frame: number; decision: string; acts?: unknown }[];
      flows: { flow: number; dropped: number }[];
      statistics: Record<string, number>;
    };
    expect(said.packets).to.have.lengthOf(8);
    expect(said.packets[3]).to.deep.include({
      frame: 4,
      flow: 1,
      decision: 'drop',
      injected: 2,
      acts: [{ rule: 'names', action: 'reset', detail: 'tls.sni blocked.example' }],
    });
    expect(said.flows.map(({ flow, dropped }) => [flow, dropped])).to.deep.equal([
      [1, 1],
      [2, 0],
    ]);
    expect(said.statistics).to.include({
      packets: 8,
      passed: 7,
      dropped: 1,
      injected: 2,
      flows: 2,
    });
    const other = run(...capture, '--censor', 'first', '--set', 'name=other.example', '--json');
    expect((JSON.parse(other.stdout) as typeof said).statistics).to.include({ dropped: 0 });
  });

  it('writes what comes out behind the censor, and not over another file', () => {
    const arguments_ = [...capture, '--censor', 'first', '--write', 'out.pcap'];
    expect(run(...arguments_).status).to.equal(0);
    const written = readFileSync(join(folder, 'out.pcap'));
    expect(readPcapHeader(written)?.linkType).to.equal(LINKTYPE.LINKTYPE_RAW);
    expect([...readPcap(written)]).to.have.lengthOf(9);
    const again = run(...arguments_);
    expect(again.status).to.equal(2);
    expect(again.stderr).to.contain('is there already').and.to.contain('--force');
    expect(run(...arguments_, '--force').status).to.equal(0);
    expect(existsSync(join(folder, 'out.pcap.partial'))).to.equal(false);
  });

  it('changes the censor when the run did, as its events say', () => {
    const control = (name: string, censor: string, time: number): string =>
      JSON.stringify({ kind: 'control', control: name, censor, time, state: 'stopped' });
    const events = [
      '{"kind":"phase","time":1,"arm":"main","phase":"up","state":"begins"}',
      control('stop-first', 'first', 1_700_000_000_000_000 + 6500),
      control('stop-second', 'second', 1_700_000_000_000_000 + 2500),
    ];
    writeFileSync(join(folder, 'events.ndjson'), events.map((line) => `${line}\n`).join(''));
    const options = [...capture, '--events', 'events.ndjson'];
    expect(run(...options, '--censor', 'first').stdout).to.contain('1 dropped');
    expect(run(...options, '--censor', 'second').stdout).to.contain('5 passed · 3 dropped');
  });

  it('says that programs and models are not asked', () => {
    const [asks] = SCENARIO.split('censor:');
    const match = '{ model: { file: m.onnx, features: [payload.length], score: ">0" } }';
    const censor = `{ on: middle, program: ./p.mjs, rules: [{ match: ${match}, action: drop }] }`;
    writeFileSync(join(folder, 'asks.yaml'), `${asks}censor: ${censor}\n`);
    writeFileSync(join(folder, 'p.mjs'), "export default () => 'drop';\n");
    writeFileSync(join(folder, 'm.onnx'), Buffer.from(smallModel([1], 0), 'base64'));
    const { stdout } = runRunner(['censor', 'asks.yaml', ...capture], { cwd: folder });
    expect(stdout).to.contain('8 passed');
    expect(stdout).to.contain('note: the program of this censor is not run');
    expect(stdout).to.contain('note: the models of this censor are not asked');
  });

  it('refuses events of another scenario, and what is no event', () => {
    const stranger = { kind: 'control', control: 'x', censor: 'first', time: 1, state: 'stopped' };
    for (const [text, message] of [
      [JSON.stringify(stranger), 'The scenario has no control "x"'],
      ['null', 'Expected an event of a run in other.ndjson:1'],
      ['{', 'Expected an event of a run in other.ndjson:1'],
    ] as const) {
      writeFileSync(join(folder, 'other.ndjson'), text);
      const { status, stderr } = run(...capture, '--censor', 'first', '--events', 'other.ndjson');
      expect(status).to.equal(2);
      expect(stderr).to.contain(message);
    }
  });

  it('reads standard input', () => {
    const [program, ...rest] = RUNNER;
    const argv = [...rest, 'censor', 'two.yaml', '--pcap', '-', '--censor', 'second'];
    const { stdout } = spawnSync(program, argv, { cwd: folder, input: CAPTURE, encoding: 'utf8' });
    expect(stdout).to.contain('8 dropped');
  });

  it('warns of a capture that was cut off, and judges what is whole', () => {
    writeFileSync(join(folder, 'cut.pcap'), CAPTURE.subarray(0, CAPTURE.length - 9));
    const { status, stdout, stderr } = run('--pcap', 'cut.pcap', '--censor', 'first');
    expect(status).to.equal(0);
    expect(stdout).to.contain('7 packets');
    expect(stderr).to.contain('ends within a packet').and.to.contain('after packet 7');
  });

  for (const [name, argv, message] of [
    ['no capture', [], 'No capture is named'],
    ['a capture that is not there', ['--pcap', 'none.pcap', '--censor', 'first'], 'is not there'],
    ['a file that is no capture', ['--pcap', 'two.yaml', '--censor', 'first'], 'Expected a pcap'],
    ['several censors', capture, 'Choose one with --censor: first, second'],
    ['a censor that is not there', [...capture, '--censor', 'third'], 'It has: first, second'],
    ['a client that is none', [...capture, '--client', 'x'], 'Expected a prefix'],
  ] as const)
    it(`refuses ${name}`, () => {
      const { status, stderr } = run(...argv);
      expect(status).to.equal(2);
      expect(stderr).to.contain(message);
    });
});
