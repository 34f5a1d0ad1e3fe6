import { once } from 'node:events';
import { type AddressInfo, type Server, createServer } from 'node:net';
import { expect } from 'chai';
import { checkPlace } from '../../../src/agent/alone/check-place.ts';
import { Fault } from '../../../src/base/fault.ts';
import { FAR_NODE, OWN_NODE } from '../../../src/model/alone.ts';
import type { ScriptEndpoint, ScriptSpec } from '../../../src/model/script.ts';

const ANY: ScriptEndpoint = { address: '127.0.0.1', port: 0 };
/** Of no machine (RFC 5737). */
const STRANGE: ScriptEndpoint = { address: '192.0.2.1', port: 0 };

const specOf = (
  own: 'client' | 'server',
  { source = ANY, destination = ANY }: { source?: ScriptEndpoint; destination?: ScriptEndpoint },
): ScriptSpec => ({
  kind: 'script',
  transport: 'tcp',
  parties: ['client', 'server'].map((name) => ({
    ...{ name, node: name === own ? OWN_NODE : FAR_NODE, program: [] },
  })),
  channels: [{ from: 'client', to: 'server', source, destination }],
  timeout: 1000,
});

const faultOf = async (spec: ScriptSpec): Promise<string | null> => {
  try {
    await checkPlace(spec);
    return null;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return `${error.kind}: ${error.message}`;
  }
};

describe('checkPlace()', () => {
  let other: Server;
  let place: ScriptEndpoint;
  before(async () => {
    other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    place = { address: '127.0.0.1', port: (other.address() as AddressInfo).port };
  });
  after(() => other.close());

  it('lets one connect from a free port, and says that one is taken', async () => {
    expect(await faultOf(specOf('client', {}))).to.equal(null);
    expect(await faultOf(specOf('client', { source: place }))).to.equal(
      `machine: Port ${place.port} of 127.0.0.1 is taken`,
    );
  });

  it("says of both sides that an address is another machine's", async () => {
    const said = 'machine: Address 192.0.2.1 is not one of this machine';
    expect(await faultOf(specOf('client', { source: STRANGE }))).to.equal(said);
    expect(await faultOf(specOf('server', { destination: STRANGE }))).to.equal(said);
  });

  it('does not listen where peers connect to', async () => {
    expect(await faultOf(specOf('server', { destination: place }))).to.equal(null);
  });
});
