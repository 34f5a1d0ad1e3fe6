import { expect } from 'chai';
import { buildEchGrease, echPayloadLength } from '../../src/wire/ech.ts';
import { buildClientHello } from '../../src/wire/tls-build.ts';
import { parseClientHello } from '../../src/wire/tls.ts';

describe('wire/ech', () => {
  it('buildEchGrease() writes an outer extension of RFC 9849', () => {
    const extension = buildEchGrease({
      ...{ configId: 9, encapsulatedKey: new Uint8Array(32).fill(1) },
      payload: new Uint8Array(144).fill(2),
    });
    expect(extension.type).to.equal(0xfe0d);
    expect(extension.data).to.have.lengthOf(8 + 32 + 2 + 144);
    expect(Array.from(extension.data.subarray(0, 9))).to.deep.equal([0, 0, 1, 0, 1, 9, 0, 32, 1]);
    expect(Array.from(extension.data.subarray(40, 43))).to.deep.equal([0, 144, 2]);
    const hello = buildClientHello({ serverName: 'a.example', extensions: [extension] });
    expect(parseClientHello(hello.subarray(4))?.extensions).to.include(0xfe0d);
  });

  it('echPayloadLength() is a padded hello and a tag', () => {
    const lengths = new Set(Array.from({ length: 256 }, (_, choice) => echPayloadLength(choice)));
    expect([...lengths]).to.deep.equal([144, 176, 208, 240]);
  });
});
