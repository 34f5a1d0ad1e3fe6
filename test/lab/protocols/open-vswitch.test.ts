// Open vSwitch and ovs-ofctl, with each message between them read into its fields and written anew.
import { execFile } from 'node:child_process';
import { type Server, type Socket, connect, createServer } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'chai';
import type { Message, Side } from '../../../src/wire/protocol/contract.ts';
import { rewritten, shipped } from '../../wire/protocol/protocols.ts';
import { type VirtualSwitch, startSwitch } from './open-vswitch.ts';

const run = promisify(execFile);
const OPENFLOW = shipped('openflow');

/** Features of 254 tables come in twenty messages of so many bytes and more: of these the first is written anew, and all are read. */
const LARGE = 8192;

interface Rewriter {
  readonly server: Server;
  readonly path: string;
  /** Types of messages that went through. */
  readonly seen: Set<string>;
  /** Messages whose bytes became others, or that could not all be read. */
  readonly faults: string[];
}

async function startRewriter(path: string, target: string): Promise<Rewriter> {
  const seen = new Set<string>();
  const faults: string[] = [];
  const carry = (from: Socket, to: Socket, side: Side): void => {
    const framer = OPENFLOW.framer(side);
    from.on('error', () => to.destroy());
    from.on('end', () => to.end());
    from.on('data', (bytes: Buffer) => {
      framer.push(bytes);
      for (let next = framer.next(); next !== null; next = framer.next()) {
        const message = OPENFLOW.read(next.slice(), side);
        const name = nameOf(message);
        const isNew = !seen.has(name) || message.bytes.length < LARGE;
        const written = isNew ? rewritten(OPENFLOW, message, side) : message.bytes;
        seen.add(name);
        if (message.fault !== null) faults.push(message.fault);
        if (Buffer.compare(written, message.bytes) !== 0) faults.push(name);
        to.write(written);
      }
    });
  };
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const upstream = connect({ path: target, allowHalfOpen: true });
    carry(client, upstream, 'client');
    carry(upstream, client, 'server');
  });
  server.listen(path);
  await once(server, 'listening');
  return { server, path, seen, faults };
}

function nameOf(message: Message): string {
  const inner = ['stats_type', 'multipart_type'].flatMap((path) => message.find(path));
  return [message.type, ...inner.map(({ word }) => word)].join(' ');
}

describe('openflow and Open vSwitch', function () {
  this.timeout(120_000);
  let ovs: VirtualSwitch | undefined;
  let rewriter: Rewriter | undefined;

  beforeEach(async () => {
    ovs = await startSwitch();
    rewriter = await startRewriter(join(ovs.directory, 'rewriter'), ovs.management);
  });
  afterEach(() => {
    rewriter?.server.close();
    ovs?.stop();
  });

  const ofctl = async (version: string, socket: string, ...words: string[]): Promise<string> => {
    const [command = '', ...further] = words;
    const options = ['--no-names', '-O', version, command, `unix:${socket}`, ...further];
    const { stdout } = await run('ovs-ofctl', options);
    // Transaction IDs are of each connection, and times pass.
    return stdout.replace(/ ?\(xid=\w+\)|duration[=:][\d.]+s,?/g, '');
  };

  for (const [version, flows, more] of [
    [
      'OpenFlow10',
      [
        'priority=7,tcp,nw_src=10.0.0.0/8,tp_dst=80,actions=mod_nw_dst:10.0.0.9,mod_tp_dst:81,output:2',
      ],
      [],
    ],
    [
      'OpenFlow13',
      [
        'priority=7,tcp,nw_src=10.0.0.0/8,tp_dst=80,actions=meter:1,set_field:10.0.0.9->ip_dst,output:2',
        'priority=8,ipv6,ipv6_dst=fd00::/64,actions=push_vlan:0x8100,set_field:4101->vlan_vid,group:1',
        'table=1,priority=9,dl_vlan=5,metadata=5/0xff,actions=write_metadata:1/3,goto_table:2',
      ],
      [
        'dump-groups',
        'dump-meters',
        'meter-features',
        'dump-group-features',
        'dump-table-features',
      ],
    ],
  ] as const)
    it(`go on as if nobody were between them: ${version}`, async () => {
      const { management, path, seen, faults } = { ...ovs!, ...rewriter! };
      if (version === 'OpenFlow13') {
        await ofctl(version, path, 'add-meter', 'meter=1,kbps,bands=type=drop,rate=1000');
        const buckets = 'bucket=weight:1,output:1,bucket=weight:3,output:2';
        await ofctl(version, path, 'add-group', `group_id=1,type=select,${buckets}`);
      }
      for (const flow of flows) await ofctl(version, path, 'add-flow', flow);
      for (const command of ['dump-flows', 'dump-ports', 'dump-desc', 'show', ...more])
        expect(await ofctl(version, path, command), command).to.equal(
          await ofctl(version, management, command),
        );
      expect(await ofctl(version, management, 'dump-flows')).to.include(
        'nw_src=10.0.0.0/8,tp_dst=80',
      );
      expect(faults).to.deep.equal([]);
      expect(seen).to.include('FLOW_MOD').and.to.include('FEATURES_REPLY');
      if (version === 'OpenFlow13') expect(seen).to.include('MULTIPART_REPLY TABLE_FEATURES');
    });
});
