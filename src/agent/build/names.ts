// The lab's names: a hosts file and a resolv.conf for each node, which its programs see in place of the machine's.
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { HostNames, Plan, PlanNode } from '../../model/plan.ts';
import { hostsFile, resolvFile } from '../../model/program.ts';

/** What the nodes without lines of their own share: with a thousand hosts, a thousand copies would be 50 MB. */
const SHARED = 'hosts';

/** hosts(5). */
export const hostsText = (entries: readonly HostNames[]): string =>
  [
    '127.0.0.1 localhost',
    '::1 localhost ip6-localhost',
    ...entries.map(({ address, names }) => [address, ...names].join(' ')),
    '',
  ].join('\n');

/** resolv.conf(5). Without a server of the lab's own a query fails at once, in the lab. */
export const resolvText = (resolvers: readonly string[]): string =>
  resolvers.map((address) => `nameserver ${address}\n`).join('');

/** Writes the files of every node below the run's folder, in place of those of an earlier lab. */
export async function writeNames(directory: string, plan: Plan): Promise<void> {
  const folder = join(directory, 'lab');
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, SHARED), hostsText(plan.names));
    await Promise.all(plan.nodes.map((node) => writeNode(directory, plan, node)));
  } catch (cause) {
    throw new Fault(
      'machine',
      `Cannot write the lab's hosts files in "${folder}": ${String(cause)}`,
      {
        help: 'Free space there, or choose another folder with --out',
        cause,
      },
    );
  }
}

async function writeNode(directory: string, plan: Plan, node: PlanNode): Promise<void> {
  const hosts = hostsFile(directory, node.name);
  const resolv = resolvFile(directory, node.name);
  // A container sees the file itself, whoever its user is: a link would lead nowhere.
  if (node.kind === 'host' && node.names.length === 0) await symlink(SHARED, hosts);
  else await writeFile(hosts, hostsText([...node.names, ...plan.names]));
  await writeFile(resolv, resolvText(node.resolvers));
  if (node.kind === 'container') await Promise.all([chmod(hosts, 0o644), chmod(resolv, 0o644)]);
}
