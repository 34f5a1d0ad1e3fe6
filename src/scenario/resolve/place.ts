// `on:` of a host or container → the name of a machine.
import { LOCAL_MACHINE } from '../../model/machine.ts';
import type { Context } from '../context.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { WrittenNode } from '../nodes.ts';
import { counted } from '../text.ts';

/** A member of a group of the inventory: `vpn[0]`, `vpn[-1]`. */
const MEMBER = /^(.+)\[(-?\d{1,9})\]$/;

/** Undefined, and a report, when there is no such machine. */
export function machineNamed(
  context: Context,
  inventory: Inventory,
  node: WrittenNode,
): string | undefined {
  const { on } = node;
  const path = [...node.path, 'on'];
  if (on === LOCAL_MACHINE) return on;
  const unlessOff = (machine: string): string | undefined => {
    if (!isOff(context, inventory, machine)) return machine;
    context.report('S141', path, `The machine "${machine}" is switched off by its "when"`, {
      help: `Give the ${node.kind} the same "when"`,
    });
    return undefined;
  };
  if (inventory.machines.has(on) || context.written.machines.has(on)) return unlessOff(on);
  const [, group, index] = MEMBER.exec(on) ?? [];
  const members = group === undefined ? undefined : inventory.groups.get(group);
  if (members !== undefined) {
    const machine = members.at(Number(index));
    if (machine !== undefined) return unlessOff(machine);
    if (!inventory.isWhole) return undefined;
    context.report(
      'S141',
      path,
      `The group "${group ?? ''}" of the inventory has ${counted(members.length, 'machine')}: there is no "${on}"`,
      { help: 'They are counted from 0' },
    );
    return undefined;
  }
  if (!inventory.isWhole || context.partial) return undefined;
  const size = inventory.groups.get(on)?.length;
  const known = [LOCAL_MACHINE, ...context.written.machines, ...inventory.machines.keys()];
  if (on === '')
    context.report('S141', path, 'Expected the name of a machine, found an empty text', {
      help: 'Leave "on" out for the machine that runner is on',
    });
  else if (size !== undefined)
    context.report('S141', path, `"${on}" is a group of the inventory, not a machine`, {
      help: size === 0 ? 'The group is empty' : `Write "${on}[0]" for its first machine`,
    });
  else if (group !== undefined)
    context.report('S141', path, `There is no group "${group}" in the inventory`, {
      help: context.suggest(group, inventory.groups.keys()) ?? 'Add it to the inventory',
    });
  else
    context.report('S141', path, `There is no machine "${on}"`, {
      help:
        context.suggest(on, [...known, ...inventory.groups.keys()]) ??
        `Declare it: machines: { ${on}: { ssh: ${on} } }`,
    });
  return undefined;
}

/** What the scenario writes wins over the inventory. */
const isOff = (context: Context, inventory: Inventory, machine: string): boolean =>
  context.off.machines.has(machine) ||
  (inventory.machines.get(machine)?.isOff === true &&
    context.scenario.machines?.[machine]?.when !== true);
