import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { rehearse } from '../../../../src/agent/endpoint/script/rehearse.ts';

const PLACE = { host: '127.83.67.82', port: 28277 };

describe('rehearse()', () => {
  it('plays a script to itself, and again', async () => {
    expect(await rehearse()).to.equal(true);
    expect(await rehearse()).to.equal(true);
  });

  it('is no fault where its place is taken for good', async () => {
    const server = createServer().listen(PLACE);
    await once(server, 'listening');
    expect(await rehearse()).to.equal(false);
    server.close();
  });

  it('leaves its place free', async () => {
    await rehearse();
    const server = createServer().listen(PLACE);
    await once(server, 'listening');
    server.close();
  });
});
