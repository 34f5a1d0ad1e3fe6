import { expect } from 'chai';
import { createOptions, parseDevice } from '../../src/engine/create-options.ts';
import { PLAIN_SPEC, orderOf } from './container-orders.ts';

describe('createOptions()', () => {
  it('leaves what is not asked for to image and engine', () => {
    const options = createOptions(orderOf('lab1', 'a'));
    expect(options).not.to.have.any.keys('User', 'WorkingDir', 'StopSignal');
    expect(options.HostConfig).not.to.have.any.keys('Memory', 'NanoCpus', 'PidsLimit', 'ShmSize');
    expect(options.HostConfig).to.deep.include({
      NetworkMode: 'none',
      AutoRemove: false,
      RestartPolicy: { Name: 'no' },
    });
    expect(options.Healthcheck).to.deep.equal({ Test: ['NONE'] });
  });

  it('makes the memory limit one of memory and swap together', () => {
    const spec = { ...PLAIN_SPEC, memory: 1 << 26, cpus: 0.5, pids: 10, shmSize: 1 << 20 };
    expect(createOptions(orderOf('lab1', 'a', { spec })).HostConfig).to.include({
      Memory: 1 << 26,
      MemorySwap: 1 << 26,
      NanoCpus: 5e8,
      PidsLimit: 10,
      ShmSize: 1 << 20,
    });
  });

  it('mounts rather than binds, and labels volumes as their containers, without the node', () => {
    const labels = { 'runner.lab': 'lab1', 'runner.directory': '/results/x' };
    const { HostConfig } = createOptions(
      orderOf('lab1', 'a', {
        labels: { ...labels, 'runner.node': 'a' },
        binds: [{ from: '/a:b', to: '/c', readOnly: true }],
        volumes: [{ name: 'lab1-v', to: '/v', readOnly: false }],
        spec: { ...PLAIN_SPEC, mounts: [{ kind: 'tmpfs', to: '/t', size: 4096 }] },
      }),
    );
    const [bind, volume] = HostConfig?.Mounts ?? [];
    expect(bind).to.deep.equal({ Type: 'bind', Source: '/a:b', Target: '/c', ReadOnly: true });
    expect(volume?.VolumeOptions?.Labels).to.deep.equal(labels);
    expect(HostConfig?.Tmpfs).to.deep.equal({ '/t': 'size=4096' });
  });
});

describe('parseDevice()', () => {
  for (const [text, from, to, permissions] of [
    ['/dev/net/tun', '/dev/net/tun', '/dev/net/tun', 'rwm'],
    ['/dev/a:/dev/b', '/dev/a', '/dev/b', 'rwm'],
    ['/dev/a:rw', '/dev/a', '/dev/a', 'rw'],
    ['/dev/a:/dev/b:r', '/dev/a', '/dev/b', 'r'],
  ] as const)
    it(`reads ${text}`, () => {
      expect(parseDevice(text)).to.deep.equal({
        PathOnHost: from,
        PathInContainer: to,
        CgroupPermissions: permissions,
      });
    });
});
