import { Readable } from 'node:stream';
import { createReadStream } from 'node:fs';
import { expect } from 'chai';
import { readStream, readText } from '../../src/cli/read-text.ts';

describe('readText()', () => {
  it('reads a file', () => {
    expect(readText('LICENSE')).to.include('MIT');
  });
  it('does not read without end', () => {
    expect(() => readText('/dev/zero')).to.throw('"/dev/zero" is larger than 64 MiB');
  });
  it('says what it could not read, and why', () => {
    expect(() => readText('/nowhere')).to.throw('"/nowhere" is not there');
    expect(() => readText('/'))
      .to.throw('"/" is a folder')
      .with.property('help');
  });
});

describe('readStream()', () => {
  it('joins characters that chunks cut', async () => {
    const bytes = Buffer.from('né');
    const stream = Readable.from([bytes.subarray(0, 2), bytes.subarray(2)]);
    expect(await readStream(stream)).to.equal('né');
  });
  it('does not read without end', async () => {
    const error: unknown = await readStream(createReadStream('/dev/zero')).catch(
      (thrown: unknown) => thrown,
    );
    expect(String(error)).to.include('Standard input is larger than 64 MiB');
  });
});
