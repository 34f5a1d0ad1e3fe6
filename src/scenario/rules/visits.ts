import { parseIp } from '../../base/addresses.ts';
import { LAB_DOMAIN } from '../resolve/host-names.ts';
import type { Rule } from './rule.ts';

/** The hosts of pages are known in the lab, unless a DNS server or the world outside may know them. A warning: a visit may be meant to fail. */
export const visits: Rule = (context, { flows, services, lab }) => {
  const { topology } = lab;
  if (context.partial || [...topology.segments.values()].some(({ uplink }) => uplink)) return;
  if (services.some(({ service }) => service.serve.kind === 'dns')) return;
  const known = new Set([...lab.served.keys(), 'localhost']);
  for (const { name } of topology.nodes.values()) known.add(name).add(`${name}.${LAB_DOMAIN}`);
  for (const { path, flow } of flows) {
    if (flow.probe.kind !== 'visit') continue;
    if (topology.nodes.get(flow.from)?.stack !== 'namespace') continue;
    const isMeantToFail = context.scenario.expect?.some(
      (item) => item.flow === flow.name && typeof item.failure === 'string',
    );
    if (isMeantToFail === true) continue;
    const hosts = new Set(flow.probe.urls.map((url) => new URL(url).hostname));
    for (const host of hosts)
      if (!known.has(host) && !parseIp(host.replace(/^\[|\]$/g, '')).ok)
        context.report('S203', [...path, 'visit'], `Nobody in the lab goes by the name "${host}"`, {
          key: true,
          severity: 'warning',
          help:
            context.suggest(host, known) ??
            `Add a service that does: serve: { tls: { names: [${host}] } }`,
        });
  }
};
