import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { Fault } from '../../../src/base/fault.ts';
import { connectAgent } from '../../../src/lab/agent-client.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';

describe('connectAgent()', () => {
  function connect(): {
    input: PassThrough;
    output: PassThrough;
    events: AgentEvent[];
    client: ReturnType<typeof connectAgent>;
  } {
    const input = new PassThrough();
    const output = new PassThrough();
    const events: AgentEvent[] = [];
    const client = connectAgent(input, output, (event) => events.push(event));
    return { input, output, events, client };
  }

  it('writes one request a line and gives the result of its number', async () => {
    const { input, output, client } = connect();
    const first = client.call('startCaptures', {}, 1000);
    const second = client.call('countPackets', { files: ['a'], filter: 'tcp' }, 1000);
    expect(String(input.read())).to.equal(
      '{"id":1,"method":"startCaptures","params":{}}\n' +
        '{"id":2,"method":"countPackets","params":{"files":["a"],"filter":"tcp"}}\n',
    );
    output.write('{"id":2,"result":{"co');
    output.write('unt":5}}\n{"id":1,"result":{}}\n');
    expect(await second).to.deep.equal({ count: 5 });
    expect(await first).to.deep.equal({});
  });

  it('throws the fault of the agent', async () => {
    const { output, client } = connect();
    const call = client.call('keep', {}, 1000);
    output.write('{"id":1,"fault":{"kind":"machine","message":"No netem","help":"Load it"}}\n');
    const fault = await call.catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(Fault);
    expect(fault).to.include({ kind: 'machine', message: 'No netem', help: 'Load it' });
  });

  it('hands events on', async () => {
    const { output, events, client } = connect();
    const call = client.call('keep', {}, 1000);
    output.write('{"event":{"kind":"log","time":1,"node":"a","role":"r","line":"x"}}\n');
    output.write('{"id":1,"result":{}}\n');
    await call;
    expect(events).to.deep.equal([{ kind: 'log', time: 1, node: 'a', role: 'r', line: 'x' }]);
  });

  it('bounds the wait', async () => {
    const fault = await connect()
      .client.call('keep', {}, 5)
      .catch((error: unknown) => error);
    expect(String(fault)).to.equal('Fault: The agent did not answer "keep" within 5 ms');
  });

  it('fails calls under way and to come once the agent is gone', async () => {
    const { client } = connect();
    const before = client.call('keep', {}, 1000).catch((error: unknown) => error);
    const gone = new Fault('run', 'gone');
    client.fail(gone);
    expect(await before).to.equal(gone);
    expect(await client.call('keep', {}, 1000).catch((error: unknown) => error)).to.equal(gone);
  });
});
