// A download that no rule speaks of: the kernel carries it past the censor, in a lab as `apply` builds it.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import type { RunManifest } from '../../../src/model/run.ts';
import { apply, scratch } from './support/runner.ts';

const DOWNLOADS = `version: 1
name: downloads
hosts: { client: {}, middle: {}, server: {} }
networks:
  inside: { subnet: [10.10.1.0/24, "fd00:10:1::/64"], members: [client, middle] }
  outside: { subnet: [10.10.2.0/24, "fd00:10:2::/64"], members: [middle, server] }
censor: { on: middle, rules: [{ match: { tls.sni: blocked.example }, action: reset }] }
traffic:
  - { name: web, on: server, serve: { tls: { names: [blocked.example, fine.example], size: 20MiB } } }
  - { name: over-4, on: client, run: [curl, -sS, "-4", -o, /dev/null, "https://fine.example/"] }
  - { name: over-6, on: client, after: over-4, run: [curl, -sS, "-6", -o, /dev/null, "https://fine.example/"] }
expect:
  - { flow: over-4, failure: null }
  - { flow: over-6, failure: null }
`;

describe('flows that are decided', function () {
  this.timeout(120_000);
  const folder = scratch('carried');
  after(() => folder.remove());

  it('are carried by the kernel, over IPv4 and IPv6', async () => {
    const file = join(folder.path, 'downloads.yaml');
    writeFileSync(file, DOWNLOADS);
    const { results } = await apply(file, { out: folder.path });
    const manifest = JSON.parse(readFileSync(join(results, 'run.json'), 'utf8')) as RunManifest;
    const [record] = manifest.censors;
    expect(record?.path.carriedPackets).to.be.above(10_000);
    expect(record?.statistics.packets).to.be.below(10_000);
  });
});
