import type { Context } from '../context.ts';
import type { ResolvedContainer } from '../resolve/container/spec.ts';
import type { Machines } from '../resolve/machines.ts';
import type { Network } from '../resolve/topology.ts';
import type { Path } from '../source/tree.ts';
import { listed } from '../text.ts';
import type { Rule } from './rule.ts';

/** What cannot be on several machines is on one. */
export const acrossMachines: Rule = (context, { lab, machines, containers }) => {
  for (const network of lab.topology.networks.values())
    if (network.uplink && network.machines.length > 1) reportUplink(context, network);
  for (const container of containers.values()) checkDependencies(context, container, machines);
  checkVolumes(context, [...containers.values()], machines);
  checkEncryption(context, machines);
};

function reportUplink(context: Context, { name, path, machines, members }: Network): void {
  context.report(
    'S145',
    [...path, 'uplink'],
    `The network "${name}" cannot have an uplink: its members are on ${listed(machines, 'and')}`,
    {
      key: true,
      related: members.slice(0, 1).map((member) => ({
        message: 'Its first member',
        span: context.spanOf(member.path),
      })),
      help: 'Put its members on one machine, or the uplink onto a network of its own behind a router',
    },
  );
}

function checkDependencies(
  context: Context,
  { name, path, spec, written }: ResolvedContainer,
  machines: Machines,
): void {
  for (const [index, { container }] of spec.dependsOn.entries()) {
    if (!context.nodes.has(container) || machines.of(container) === machines.of(name)) continue;
    const at: Path = [...path, 'dependsOn', Array.isArray(written.dependsOn) ? index : container];
    context.report(
      'S145',
      at,
      `The container "${name}" is on "${machines.of(name)}" and cannot wait for "${container}" on "${machines.of(container)}"`,
      {
        key: true,
        help: 'Put both on one machine, or let its program try until the other one answers',
      },
    );
  }
}

/** A volume is the engine's, and each machine has an engine of its own. */
function checkVolumes(
  context: Context,
  containers: readonly ResolvedContainer[],
  machines: Machines,
): void {
  const first = new Map<string, { readonly machine: string; readonly path: Path }>();
  for (const { name, mounts } of containers)
    for (const { mount, path } of mounts) {
      if (mount.kind !== 'volume') continue;
      const machine = machines.of(name);
      const known = first.get(mount.name);
      if (known === undefined) first.set(mount.name, { machine, path });
      else if (known.machine !== machine)
        context.report(
          'S145',
          path,
          `The volume "${mount.name}" cannot be on "${known.machine}" and "${machine}"`,
          {
            related: [{ message: 'Mounted here as well', span: context.spanOf(known.path) }],
            help: 'Put the containers that share it on one machine',
          },
        );
    }
}

function checkEncryption(context: Context, { used, isEncrypted }: Machines): void {
  if (!isEncrypted) return;
  const without = used.filter(({ plan }) => plan.underlay.wireguard === null);
  for (const { plan, span } of without)
    context.reportAt('S144', span, `The machine "${plan.name}" has no WireGuard, others have`, {
      help: `All have it or none: machines: { ${plan.name}: { underlay: { wireguard: true } } }`,
    });
}
