// What the builders craft, as tshark(1) and tcpdump(1) read it.
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { type TcpSpec, buildTcp } from '../../../src/wire/build.ts';
import { concatBytes } from '../../../src/wire/bytes.ts';
import { fragmentPacket } from '../../../src/wire/fragment.ts';
import { LINKTYPE, encodePcapRecord, writePcapHeader } from '../../../src/wire/pcap.ts';
import { TCP_FLAG } from '../../../src/wire/tcp.ts';
import { signTcp } from '../../../src/wire/tcp-md5.ts';
import { emitTcpOptions } from '../../../src/wire/tcp-options.ts';
import { ip } from '../../roles/forward/router.ts';

const run = promisify(execFile);
const V4 = { source: ip('10.0.0.1'), destination: ip('10.0.0.2') };
const V6 = { source: ip('fd00::1'), destination: ip('fd00::2') };
const TCP: Omit<TcpSpec, 'source' | 'destination'> = {
  sourcePort: 40_000,
  destinationPort: 9000,
  sequence: 1000,
  acknowledgment: 2000,
  flags: TCP_FLAG.ACK | TCP_FLAG.PSH,
};

describe('crafted packets', () => {
  let directory = '';
  before(() => {
    directory = mkdtempSync(join(tmpdir(), 'netscenario-crafted-'));
  });
  after(() => {
    rmSync(directory, { recursive: true });
  });

  function capture(packets: readonly Uint8Array[]): string {
    const file = join(directory, 'crafted.pcap');
    const records = packets.map((packet, index) => encodePcapRecord(index, packet));
    writeFileSync(file, concatBytes(writePcapHeader(LINKTYPE.LINKTYPE_RAW), ...records));
    return file;
  }

  /** The values of the fields, one row a packet. */
  async function dissect(
    packets: readonly Uint8Array[],
    ...fields: readonly string[]
  ): Promise<string[][]> {
    const checks = ['ip.check_checksum', 'tcp.check_checksum'].flatMap((name) => [
      '-o',
      `${name}:TRUE`,
    ]);
    const wanted = fields.flatMap((field) => ['-e', field]);
    const { stdout } = await run('tshark', [
      ...['-n', '-r', capture(packets), '-o', 'tcp.relative_sequence_numbers:FALSE', ...checks],
      ...['-T', 'fields', ...wanted],
    ]);
    return stdout
      .split('\n')
      .slice(0, -1)
      .map((line) => line.split('\t'));
  }

  it('have the options that they were given', async () => {
    const options = emitTcpOptions([
      { kind: 'maximum-segment-size', size: 1400 },
      { kind: 'window-scale', shift: 9 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 77, echo: 88 },
      { kind: 'sack', blocks: [{ left: 3000, right: 3100 }] },
    ]);
    const rows = await dissect(
      [V4, V6].map((ends) => buildTcp({ ...ends, ...TCP, options })),
      'tcp.options.mss_val',
      'tcp.options.wscale.shift',
      'tcp.options.sack_perm',
      'tcp.options.timestamp.tsval',
      'tcp.options.timestamp.tsecr',
      'tcp.options.sack_le',
      'tcp.options.sack_re',
      'tcp.checksum.status',
    );
    const expected = ['1400', '9', '04', '77', '88', '3000', '3100', '1'];
    // tshark writes the flag of SACK permitted as a number or as "True", by version.
    for (const row of rows) expect(row.with(2, '04')).to.deep.equal(expected);
    expect(rows.every((row) => row[2] !== '')).to.equal(true);
  });

  it('have the header fields that they were given, and wrong checksums on purpose', async () => {
    const flags = TCP_FLAG.URG | TCP_FLAG.ACK;
    const crafted = { ...TCP, flags, window: 77, urgentPointer: 5, ttl: 3, id: 0xabc };
    const packets = [
      buildTcp({ ...V4, ...crafted, checksum: 'wrong' }),
      buildTcp({ ...V4, ...crafted, ipChecksum: 'wrong', dontFragment: false }),
    ];
    const fields = ['ip.ttl', 'ip.id', 'ip.flags.df', 'tcp.window_size_value'];
    const checks = ['tcp.urgent_pointer', 'tcp.checksum.status', 'ip.checksum.status'];
    const rows = await dissect(packets, ...fields, ...checks);
    const booleans = (row: string[]): string[] =>
      row.map((cell) => ({ True: '1', False: '0' })[cell] ?? cell);
    expect(rows.map(booleans)).to.deep.equal([
      ['3', '0x0abc', '1', '77', '5', '0', '1'],
      ['3', '0x0abc', '0', '77', '5', '1', '0'],
    ]);
  });

  it('are put together again when they were cut into fragments', async () => {
    const payload = new Uint8Array(90).fill(0x61);
    for (const ends of [V4, V6]) {
      const packet = buildTcp({ ...ends, ...TCP, id: 7, dontFragment: false, payload });
      const rows = await dissect(
        fragmentPacket(packet, [8, 48], 7),
        'tcp.len',
        'tcp.checksum.status',
      );
      expect(rows).to.deep.equal([
        ['', ''],
        ['', ''],
        ['90', '1'],
      ]);
    }
  });

  it('signed by signTcp() are valid to tcpdump, and not by another key', async () => {
    const signed = [V4, V6].flatMap((ends) =>
      ['right', 'other'].map((key) => {
        const options = emitTcpOptions([{ kind: 'md5', digest: new Uint8Array(16) }]);
        const packet = buildTcp({ ...ends, ...TCP, options, payload: Uint8Array.of(1, 2, 3) });
        signTcp(packet, (bytes) => createHash('md5').update(bytes).update(key).digest());
        return packet;
      }),
    );
    const { stdout } = await run('tcpdump', ['-nvr', capture(signed), '-M', 'right']);
    expect(stdout.match(/md5 +\(?(valid|invalid)/g)).to.deep.equal([
      'md5 valid',
      'md5  (invalid',
      'md5 valid',
      'md5  (invalid',
    ]);
  });
});
