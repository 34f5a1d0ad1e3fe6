import { expect } from 'chai';
import { SERVER, createTwoNodes, service } from './two-nodes.ts';
import type { TwoNodes } from './two-nodes.ts';

describe('agent/endpoint services that cannot listen', function () {
  this.timeout(60_000);
  let lab: TwoNodes | undefined;
  afterEach(() => lab?.close());

  const start = async (...services: Parameters<typeof createTwoNodes>[0]): Promise<unknown> => {
    lab = createTwoNodes(services, []);
    return lab.startServices().catch((error: unknown) => error);
  };

  it('startServices() says which service finds its port taken, and where', async () => {
    const fault = await start(
      service('first', { kind: 'tcp-echo', port: 7 }),
      service('second', { kind: 'http', port: 7, sites: [], size: 0 }),
    );
    expect(fault).to.have.property('kind', 'run');
    expect(fault)
      .to.have.property('message')
      .that.matches(
        /^Service "(first|second)" on "server" cannot listen on tcp (10\.9\.0\.2|fd09::2) port 7: .*EADDRINUSE/,
      );
    expect(fault).to.have.property('help').that.includes('another port');
  });

  it('startServices() says which service listens on an address that the node has not', async () => {
    const echo = service('echo', { kind: 'udp-echo', port: 7 });
    const fault = await start({ ...echo, addresses: [SERVER.v4, '10.9.0.99'] });
    expect(fault)
      .to.have.property('message')
      .that.matches(
        /^Service "echo" on "server" cannot listen on udp 10\.9\.0\.99 port 7: .*EADDRNOTAVAIL/,
      );
  });
});
