import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { readLine } from '../../../src/lab/far/read-line.ts';

describe('readLine()', () => {
  it('drops what a login shell says, and leaves the rest in the stream', async () => {
    const stream: PassThrough = new PassThrough();
    stream.write('Welcome!\nuse of this machine: ma');
    const line = readLine(stream, 1000, 'mark ');
    stream.write('rk {"a":1}\nrest');
    expect(await line).to.equal('mark {"a":1}');
    expect(String(stream.read())).to.equal('rest');
  });

  it('throws when the stream ends or nothing comes', async () => {
    const ended: PassThrough = new PassThrough();
    ended.end('no newline');
    const told = (promise: Promise<string>): Promise<string> =>
      promise.catch((error: unknown) => String(error));
    expect(await told(readLine(ended, 1000))).to.contain('it ended');
    expect(await told(readLine(new PassThrough(), 5))).to.contain('no word came within 5 ms');
  });
});
