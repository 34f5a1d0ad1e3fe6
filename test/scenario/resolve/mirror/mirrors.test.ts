import { expect } from 'chai';
import { DEFAULT_MIRROR } from '../../../../src/model/mirror-defaults.ts';
import type { PlanMirror } from '../../../../src/model/mirror.ts';
import { planOf } from '../../compile-text.ts';

const mirrorOf = (written: string): PlanMirror | undefined =>
  planOf(`version: 1
name: lab
params: { copies: { type: integer, default: 3 }, wanted: { type: boolean, default: true } }
hosts: { client: {}, online: {}, target: {}, assistant: {} }
networks:
  front: { subnet: [10.190.0.0/16, "fd90::/64"], members: [client, online] }
  back: { subnet: [10.191.0.0/24, "fd91::/64"], members: [online, target, assistant] }
mirrors:
  shadow: ${written}
`).mirrors?.[0];

describe('resolveMirrors()', () => {
  it('fills in all that is not written, the target being its own assistant', () =>
    expect(mirrorOf('{ online: "online:9999", target: "target:10231" }')).to.deep.equal({
      ...DEFAULT_MIRROR,
      name: 'shadow',
      online: {
        node: 'online',
        addresses: ['10.190.0.2', 'fd90::2', '10.191.0.1', 'fd91::1'],
        port: 9999,
      },
      target: { node: 'target', addresses: ['10.191.0.2', 'fd91::2'], port: 10_231 },
      assistant: 'target',
    }));

  it('reads quantities, prefixes and what has several forms', () =>
    expect(
      mirrorOf(`
    online: { host: online, address: 10.190.9.9, port: 9999 }
    target: { host: target, address: 10.191.7.16, port: 10231 }
    assistant: assistant
    clients: [10.190.3.7/16, "fd90::7"]
    mapped: 10.200.0.0/16
    multiply: "\${params.copies}"
    sample: 10%
    ramp: 30s
    fullSessions: true
    order: none
    timeouts: { establish: 500ms, gap: 1s }
    limits: { sessionBytes: 64MiB, mtu: 1280 }
    source: { capture: clients.pcap, speed: 2 }
    compare: { protocol: http, ignoreHeaders: [X-Request-Id] }
    hook: { postgres: { passwords: { app: { variable: APP }, "*": { variable: OTHERS } } } }`),
    ).to.deep.equal({
      ...DEFAULT_MIRROR,
      name: 'shadow',
      online: {
        node: 'online',
        addresses: ['10.190.9.9', '10.190.0.2', 'fd90::2', '10.191.0.1', 'fd91::1'],
        port: 9999,
      },
      target: { node: 'target', addresses: ['10.191.7.16'], port: 10_231 },
      assistant: 'assistant',
      clients: ['10.190.0.0/16', 'fd90::7/128'],
      mapped: ['10.200.0.0/16'],
      ...{ multiply: 3, sample: 0.1, ramp: 30_000, fullSessions: true, order: 'none' },
      timeouts: { ...DEFAULT_MIRROR.timeouts, establish: 500, gap: 1000 },
      limits: { ...DEFAULT_MIRROR.limits, sessionBytes: 67_108_864, mtu: 1280 },
      source: { kind: 'capture', file: 'clients.pcap', speed: 2 },
      compare: { protocol: 'http', ignoreHeaders: ['x-request-id'], limit: 100 },
      hook: {
        kind: 'postgres',
        passwords: [
          { user: 'app', variable: 'APP' },
          { user: '*', variable: 'OTHERS' },
        ],
      },
    }));

  it('has no assistant but the online host for streams, and leaves out what is switched off', () => {
    const ends = 'online: "online:9999", target: "target:10231"';
    expect(mirrorOf(`{ ${ends}, mode: stream }`)?.assistant).to.equal('online');
    expect(mirrorOf(`{ ${ends}, when: false }`)).to.equal(undefined);
  });
});
