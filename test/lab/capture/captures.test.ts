import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { mergeToPcapng } from '../../../src/wire/pcapng.ts';
import { readPcap } from '../../../src/wire/pcap.ts';
import type { AgentEvent, AgentFault, CaptureStats } from '../../../src/model/rpc.ts';

const run = promisify(execFile);
const HELPER = new URL('./veth-helper.ts', import.meta.url).pathname;

interface Outcome {
  readonly stats: readonly CaptureStats[];
  readonly counts: readonly [near: number, all: number, unreachable: number];
  readonly badCount: string | null;
  readonly events: readonly AgentEvent[];
  readonly fault?: AgentFault;
  /** What is in the directory. */
  readonly left?: readonly string[];
}

describe('captures of a veth pair', function () {
  this.timeout(30_000);
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'captures-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  const experiment = async (name: string, ...rest: readonly string[]): Promise<Outcome> => {
    const node = [process.execPath, '--import', 'ts-blank-space/register', HELPER];
    const namespaces = ['--user', '--map-root-user', '--net', '--mount'];
    const argv = [...namespaces, '--', ...node, name, directory, ...rest];
    const { stdout } = await run('unshare', argv);
    return JSON.parse(stdout) as Outcome;
  };
  const tshark = async (file: string, ...argv: readonly string[]): Promise<string[]> => {
    const { stdout } = await run('tshark', ['-n', '-r', file, ...argv], { maxBuffer: 1 << 26 });
    return stdout.split('\n').filter((line) => line !== '');
  };

  it('hold every packet sent before stop(), at both ends', async () => {
    const { stats, counts } = await experiment('count', '20000', '100', 'udp port 9');
    expect(stats.map(({ packets, dropped }) => ({ packets, dropped }))).to.deep.equal([
      { packets: 20_000, dropped: 0 },
      { packets: 20_000, dropped: 0 },
    ]);
    expect(counts[0]).to.equal(20_000);
    const bytes = readFileSync(join(directory, 'captures/far.link.pcap'));
    const read = [...readPcap(bytes)];
    expect(read).to.have.length(20_000);
    expect(read.every(({ data, length }) => data.length === 142 && length === 142)).to.equal(true);
  });

  it('are read by tshark, alone and merged with interface names', async () => {
    const { stats } = await experiment('count', '50');
    const lines = await tshark(join(directory, 'captures/near.link.pcap'));
    expect(lines).to.have.length(stats[0]?.packets ?? -1);
    const merged = join(directory, 'all.pcapng');
    const names = ['near', 'far'];
    const sources = names.map((name) => ({
      name: `${name}.link`,
      bytes: readFileSync(join(directory, `captures/${name}.link.pcap`)),
    }));
    writeFileSync(merged, mergeToPcapng(sources));
    const fields = ['-T', 'fields', '-e', 'frame.interface_name', '-e', 'frame.time_epoch'];
    const rows = (await tshark(merged, ...fields)).map((line) => line.split('\t'));
    expect(rows).to.have.length(stats.reduce((sum, { packets }) => sum + packets, 0));
    expect(new Set(rows.map(([name]) => name))).to.deep.equal(new Set(['near.link', 'far.link']));
    const times = rows.map(([, time]) => Number(time));
    expect(times).to.deep.equal([...times].sort((left, right) => left - right));
  });

  it('countPackets() counts by BPF filter and refuses what is none', async () => {
    const { counts, badCount, stats } = await experiment('count', '10');
    expect(counts[0]).to.equal(10);
    expect(counts[1]).to.equal(stats.reduce((sum, { packets }) => sum + packets, 0));
    expect(counts[2]).to.be.at.least(2);
    expect(badCount).to.match(/^Not a BPF filter: "udp port": .*syntax error/);
  });

  it('start() refuses a bad filter with the name and the words of libpcap', async () => {
    const { fault } = await experiment('count', '1', '1', 'tcp prot 80');
    expect(fault?.kind).to.equal('usage');
    expect(fault?.message).to.match(
      /^The filter of capture "near\.link" is no BPF filter: "tcp prot 80": .*syntax error/,
    );
  });

  it('load() tries filters beside the captures, where nobody clears away, and leaves nothing', async () => {
    const { left } = await experiment('load', '0', '0', 'tcp port 80');
    expect(left).to.deep.equal(['captures']);
  });

  it('a full disk breaks the run and leaves files of whole packets', async () => {
    const { stats, events } = await experiment('full-disk', '2000', '1000');
    const faults = events.flatMap((event) => (event.kind === 'broken' ? [event.fault] : []));
    expect(faults[0]?.kind).to.equal('machine');
    expect(faults[0]?.message).to.match(
      /^Cannot write the capture ".*link\.pcap": ENOSPC.*; 0 KiB are free there$/,
    );
    for (const { packets, dropped } of stats) {
      expect(packets + dropped).to.be.at.least(2000);
      expect(dropped).to.be.at.least(1);
    }
  });
});
