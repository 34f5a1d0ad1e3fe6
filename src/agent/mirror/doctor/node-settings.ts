// What the kernel of a node is told that matters to copies. What a kernel does not have is off.
import { readFileSync } from 'node:fs';
import { inNamespace } from '../../../kernel/namespace.ts';
import { runTool } from '../../build/tool.ts';

/** Whether it forwards what is for others. */
export const isForwarding = (namespaceFd: number, family: 4 | 6): boolean =>
  readSetting(namespaceFd, `${conf(family)}/all/forwarding`) !== 0;

/** rp_filter as it is in force at an interface: the kernel takes the larger. IPv6 has none. */
export function reversePathFilter(namespaceFd: number, family: 4 | 6, device: string): 0 | 1 | 2 {
  if (family === 6) return 0;
  const [all, own] = ['all', device].map((name) =>
    readSetting(namespaceFd, `${conf(4)}/${name}/rp_filter`),
  );
  const filter = Math.max(all ?? 0, own ?? 0);
  return filter === 1 || filter === 2 ? filter : 0;
}

/** Whether what crosses its bridges meets its rules for routed packets. */
export const hasBridgeNetfilter = (namespaceFd: number, family: 4 | 6): boolean =>
  readSetting(namespaceFd, `bridge/bridge-nf-call-${family === 4 ? 'iptables' : 'ip6tables'}`) !==
  0;

/** Whether a rule of nftables, or of iptables by way of it, drops what connection tracking calls invalid. */
export async function hasInvalidRule(namespaceFd: number): Promise<boolean> {
  const { output } = await runTool(['nft', 'list', 'ruleset'], namespaceFd, '');
  return saysInvalidDrop(output);
}

export const saysInvalidDrop = (ruleset: string): boolean =>
  /^.*\bct state\b[^\n]*\binvalid\b[^\n]*\b(drop|reject)\b/m.test(ruleset);

const conf = (family: 4 | 6): string => `ipv${family}/conf`;

function readSetting(namespaceFd: number, key: string): number {
  try {
    return Number(inNamespace(namespaceFd, () => readFileSync(`/proc/sys/net/${key}`, 'utf8')));
  } catch {
    return 0;
  }
}
