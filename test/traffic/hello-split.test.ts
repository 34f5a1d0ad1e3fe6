import { expect } from 'chai';
import { cut, holdsRecord, splitRecord } from '../../src/traffic/hello-split.ts';
import { buildClientHello, buildTlsRecords } from '../../src/wire/tls-build.ts';
import { readClientHello } from '../../src/wire/tls.ts';

const HELLO = buildTlsRecords(buildClientHello({ serverName: 'a.example' }));

describe('traffic/hello-split', () => {
  it('splitRecord() cuts the hello over records and leaves it whole', () => {
    const split = splitRecord(HELLO, [1, 7]);
    expect(Array.from(split.subarray(0, 6))).to.deep.equal([22, 3, 1, 0, 1, 1]);
    const read = readClientHello(split, 0, split.length);
    expect(read).to.include({ kind: 'client-hello', records: 3, length: split.length });
    expect(read).to.have.nested.property('hello.serverName', 'a.example');
  });

  it('splitRecord() leaves a Buffer as it is', () => {
    const bytes = Buffer.from(HELLO);
    expect(splitRecord(bytes, [1])).to.deep.equal(splitRecord(HELLO, [1]));
    expect(Uint8Array.from(bytes)).to.deep.equal(HELLO);
  });

  it('splitRecord() makes no empty record and keeps what follows', () => {
    const record = Uint8Array.of(22, 3, 1, 0, 2, 8, 9, 20, 3, 3, 0, 1, 1);
    expect(Array.from(splitRecord(record, [1, 1, 5]))).to.deep.equal([
      ...[22, 3, 1, 0, 1, 8],
      ...[22, 3, 1, 0, 1, 9],
      ...[20, 3, 3, 0, 1, 1],
    ]);
  });

  it('holdsRecord() waits for the last byte', () => {
    for (let length = 0; length < HELLO.length; length += 1)
      expect(holdsRecord(HELLO.subarray(0, length)), String(length)).to.equal(false);
    expect(holdsRecord(HELLO)).to.equal(true);
  });

  it('cut() gives the sizes and the rest', () => {
    expect(cut(Uint8Array.of(1, 2, 3, 4), [1, 2]).map((piece) => [...piece])).to.deep.equal([
      [1],
      [2, 3],
      [4],
    ]);
    expect(cut(Uint8Array.of(1), [5])).to.have.lengthOf(1);
  });
});
