import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { TunnelReporter } from '../../../src/agent/tunnel/tunnel-reporter.ts';
import type { AgentEvent } from '../../../src/model/rpc.ts';

const WG0 = { name: 'wg0', node: 'client' };
const COUNT = {
  handshakes: { client: true, server: true },
  ways: [
    { carrier: 'wgnet1', sent: { packets: 1, bytes: 100 }, received: { packets: 0, bytes: 0 } },
  ],
  leaked: 0,
};

describe('agent/tunnel/tunnel-reporter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tunnel-reporter-'));
  after(() => rmSync(folder, { recursive: true }));

  it('tells each switch, what has changed of the counters, and a break; and writes a log', async () => {
    const events: AgentEvent[] = [];
    const reporter = new TunnelReporter(WG0, folder, {
      ...{ implementation: 'wireguard-go', version: '0.0.20220316' },
      emit: (event) => void events.push(event),
    });
    const one = { time: 1_000_000, to: 'wgnet1', micros: 480 };
    reporter.counted(COUNT);
    reporter.counted({ ...COUNT });
    reporter.switched(one);
    reporter.counted(COUNT);
    await reporter.close();
    expect(events.map(({ kind }) => kind)).to.deep.equal([
      ...['tunnel-statistics', 'tunnel-switch', 'tunnel-statistics'],
    ]);
    expect(events[1]).to.deep.equal({
      ...{ kind: 'tunnel-switch', node: 'client', tunnel: 'wg0', ...one },
    });
    expect(events[2]).to.deep.include({
      ...{ name: 'wg0', handshakes: COUNT.handshakes, leaked: 0, switches: [one], switched: 1 },
      paths: [{ tunnel: 'wgnet1', packets: 1, bytes: 100, share: 1, silences: [] }],
    });
    expect(readFileSync(join(folder, 'client.wg0.log'), 'utf8')).to.match(
      /is WireGuard of wireguard-go 0\.0\.20220316\n.* goes over wgnet1, which took 480 us\n$/,
    );
  });

  it('keeps the first thousand switches in its record, and counts all', async () => {
    const events: AgentEvent[] = [];
    const reporter = new TunnelReporter(WG0, folder, {
      ...{ implementation: 'kernel', version: '6.1.0' },
      emit: (event) => void events.push(event),
    });
    for (let time = 0; time < 10_001; time += 1)
      reporter.switched({ time, to: 'wgnet1', micros: 1 });
    reporter.counted(COUNT);
    await reporter.close();
    const record = events.at(-1);
    expect(record?.kind === 'tunnel-statistics' && record.switches.length).to.equal(1000);
    expect(record?.kind === 'tunnel-statistics' && record.switched).to.equal(10_001);
    expect(events).to.have.length(10_001);
  });
});
