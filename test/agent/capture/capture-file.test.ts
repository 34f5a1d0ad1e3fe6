import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { CaptureFile } from '../../../src/agent/capture/capture-file.ts';
import { Fault } from '../../../src/base/fault.ts';
import { encodePcapRecord, readPcap } from '../../../src/wire/pcap.ts';
import type { PacketSlot } from '../../../src/kernel/capture.ts';

function slotOf(time: number, data: Uint8Array): PacketSlot {
  return {
    header: Buffer.from(encodePcapRecord(time, data).subarray(0, 16)),
    data: Buffer.from(data),
  };
}

describe('CaptureFile', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'capture-file-'));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it('writes packets beyond one batch in order', () => {
    const path = join(directory, 'new/folder/a.pcap');
    const file = new CaptureFile(path, 'LINKTYPE_ETHERNET', 65_535);
    for (let n = 0; n < 3000; n += 1) file.append(slotOf(n, new Uint8Array(1000).fill(n & 0xff)));
    expect(file.flush()).to.equal(null);
    file.close();
    const read = [...readPcap(readFileSync(path))];
    expect(read.map(({ time }) => time)).to.deep.equal(Array.from({ length: 3000 }, (_, n) => n));
    expect(read.every(({ data }, n) => data.every((byte) => byte === (n & 0xff)))).to.equal(true);
    expect([file.packets, file.bytes, file.unwritten]).to.deep.equal([3000, 3_000_000, 0]);
  });

  it('says where and what to do when the device is full', () => {
    expect(() => new CaptureFile('/dev/full', 'LINKTYPE_ETHERNET', 65_535))
      .to.throw(Fault, 'Cannot write the capture "/dev/full": ENOSPC')
      .with.property('help', 'Free some space, or choose another folder with "--out"');
  });

  it('refuses a link type that it cannot name', () => {
    expect(() => new CaptureFile(join(directory, 'a'), 'Unknown linktype 9', 65_535)).to.throw(
      Fault,
      'libpcap gives it link type "Unknown linktype 9"',
    );
  });
});
