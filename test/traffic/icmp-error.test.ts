import { expect } from 'chai';
import { parseIp } from '../../src/base/addresses.ts';
import type { IpAddress } from '../../src/base/addresses.ts';
import { buildEcho, readIcmpAnswer } from '../../src/traffic/icmp-error.ts';
import { buildIcmp, buildUdp } from '../../src/wire/build.ts';
import { emitIcmp } from '../../src/wire/icmp.ts';

function ip(text: string): IpAddress {
  const address = parseIp(text);
  if (!address.ok) throw new Error(address.error);
  return address.value;
}

const PROBES = {
  4: buildUdp({
    ...{ source: ip('10.0.0.1'), destination: ip('10.0.0.2'), payload: new Uint8Array(9) },
    ...{ sourcePort: 4000, destinationPort: 33_434 },
  }),
  6: buildUdp({
    ...{ source: ip('fd00::1'), destination: ip('fd00::2'), payload: new Uint8Array(9) },
    ...{ sourcePort: 4000, destinationPort: 33_434 },
  }),
} as const;

const error = (type: number, code: number, data: Uint8Array): Uint8Array =>
  emitIcmp({ type, code, id: 0, sequence: 0, data });

describe('traffic/icmp-error', () => {
  it('buildEcho() writes a request with its checksum, for ICMP', () => {
    const data = Uint8Array.of(1, 2, 3);
    const whole = buildIcmp(
      { source: ip('10.0.0.1'), destination: ip('10.0.0.2') },
      { type: 8, code: 0, id: 7, sequence: 2, data },
    );
    expect(buildEcho(4, { id: 7, sequence: 2 }, data)).to.deep.equal(whole.slice(20));
    expect(Array.from(buildEcho(6, { id: 7, sequence: 2 }, data).subarray(0, 4))).to.deep.equal([
      ...[128, 0, 0, 0],
    ]);
  });

  for (const [version, type, code, destination, kind, detail] of [
    [4, 11, 0, '10.0.0.2', 'time-exceeded', ''],
    [4, 3, 3, '10.0.0.2', 'unreachable', 'port unreachable'],
    [4, 3, 77, '10.0.0.2', 'unreachable', 'unreachable, code 77'],
    [6, 3, 0, 'fd00::2', 'time-exceeded', ''],
    [6, 1, 4, 'fd00::2', 'unreachable', 'port unreachable'],
  ] as const)
    it(`readIcmpAnswer() reads ${kind} ${detail} of IPv${version}`, () => {
      const found = readIcmpAnswer(version, error(type, code, PROBES[version]));
      const quoted = { protocol: 17, destination, first: 4000, second: 33_434 };
      expect(found).to.deep.equal({ kind, detail, quoted });
    });

  it('readIcmpAnswer() reads a reply and what quotes a request', () => {
    const reply = emitIcmp({ type: 0, code: 0, id: 7, sequence: 2, data: Uint8Array.of(9) });
    expect(readIcmpAnswer(4, reply)).to.deep.equal({
      ...{ kind: 'echo-reply', id: 7, sequence: 2, data: Uint8Array.of(9) },
    });
    const request = buildIcmp(
      { source: ip('fd00::1'), destination: ip('fd00::2') },
      { type: 128, code: 0, id: 7, sequence: 2, data: new Uint8Array(0) },
    );
    expect(readIcmpAnswer(6, error(3, 0, request))).to.have.deep.property('quoted', {
      ...{ protocol: 58, destination: 'fd00::2', first: 7, second: 2 },
    });
  });

  it('readIcmpAnswer() gives null for what answers nothing', () => {
    expect(readIcmpAnswer(4, buildEcho(4, { id: 1, sequence: 1 }, new Uint8Array(0)))).to.equal(
      null,
    );
    expect(readIcmpAnswer(4, error(11, 0, PROBES[4].subarray(0, 27)))).to.equal(null);
    expect(readIcmpAnswer(6, error(3, 0, PROBES[6].subarray(0, 47)))).to.equal(null);
    expect(readIcmpAnswer(4, Uint8Array.of(11, 0))).to.equal(null);
  });
});
