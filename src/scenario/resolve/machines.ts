// Which machines there are, how each is reached, and which node is on which.
import type { Span } from '../../base/diagnostic.ts';
import { type IpPrefix, formatIp, parseIp } from '../../base/addresses.ts';
import { LOCAL, LOCAL_MACHINE, type PlanMachine } from '../../model/machine.ts';
import type { Context } from '../context.ts';
import type { Inventory, InventoryMachine, MachineDraft, Trouble } from '../inventory/inventory.ts';
import { draftOfMachine } from '../inventory/written-machine.ts';
import type { Path } from '../source/tree.ts';
import { machineNamed } from './place.ts';

export interface Machines {
  /** Those with nodes: `local` first, then as the scenario and the inventory have them. */
  readonly used: readonly ResolvedMachine[];
  /** The machine of a node. */
  readonly of: (node: string) => string;
  /** Whether WireGuard carries what goes from machine to machine. */
  readonly isEncrypted: boolean;
  /** Every address of a machine that is written, each as a prefix of its own. */
  readonly underlays: readonly IpPrefix[];
}

export interface ResolvedMachine {
  readonly plan: PlanMachine;
  /** Where it is written; for a machine that is not, where a node names it. */
  readonly span: Span;
  /** Where its underlay's address is. */
  readonly addressSpan?: Span;
}

/** A machine before it is known whether anything is on it. */
interface Candidate {
  readonly name: string;
  readonly span: Span;
  readonly draft: MachineDraft;
  readonly troubles: readonly Trouble[];
}

export function resolveMachines(context: Context, inventory: Inventory): Machines {
  const candidates = candidatesOf(context, inventory);
  const places = new Map<string, string>();
  for (const node of context.nodes.values()) {
    const name = machineNamed(context, inventory, node);
    const candidate = name === undefined ? undefined : candidates.get(name);
    // Whoever names a machine that there is not has been told, and there is no plan.
    places.set(node.name, candidate?.name ?? LOCAL_MACHINE);
    if (name !== undefined && candidate === undefined && !context.partial)
      context.report('S141', [...node.path, 'on'], `There is no machine "${name}"`, {
        help: `Declare it: machines: { ${name}: { ssh: ${name} } }`,
      });
  }
  const names = new Set(places.values());
  if (names.size === 0) names.add(LOCAL_MACHINE);
  for (const [name, candidate] of candidates) if (!names.has(name)) sayUnused(context, candidate);
  const used = [...new Set([...candidates.values()])]
    .filter(({ name }) => names.has(name))
    .map((candidate) => resolveMachine(context, candidate));
  return {
    used,
    of: (node) => places.get(node) ?? LOCAL_MACHINE,
    isEncrypted: used.some(({ plan }) => plan.underlay.wireguard !== null),
    underlays: used.flatMap(({ plan }) => {
      const parsed = plan.underlay.address === null ? undefined : parseIp(plan.underlay.address);
      if (parsed?.ok !== true) return [];
      return [{ address: parsed.value, length: parsed.value.family === 4 ? 32 : 128 }];
    }),
  };
}

/** By the names that nodes may have for them: of the machine that runner is on, an inventory may have several. */
function candidatesOf(context: Context, inventory: Inventory): ReadonlyMap<string, Candidate> {
  const written = context.scenario.machines ?? {};
  const drafts = new Map(
    Object.entries(written).map(([name, machine]) => {
      const path = ['machines', name];
      const draft = draftOfMachine(machine, {
        spanOf: (...keys) => context.spanOf([...path, ...keys]),
        filePath: (text, span) => context.filePathAt(text, span.file, span),
        report: (trouble) => {
          sayTrouble(context, trouble);
        },
      });
      return [name, draft] as const;
    }),
  );
  const spanOf = (path: Path): Span => context.spanOf(path, true);
  const own = drafts.get(LOCAL_MACHINE) ?? {};
  const known = inventory.machines.get(LOCAL_MACHINE);
  const local: Candidate = {
    name: LOCAL_MACHINE,
    span: known?.span ?? spanOf(['machines', LOCAL_MACHINE]),
    // Of this machine, an inventory can say no more than a scenario: how others reach it.
    draft: { ...underlayOf(known?.draft ?? {}), ...own },
    troubles: [],
  };
  checkLocal(context, written[LOCAL_MACHINE]);
  if (known?.isLocal === false) checkKnownLocal(context, known);
  const candidates = new Map([[LOCAL_MACHINE, local]]);
  for (const name of [...drafts.keys(), ...inventory.machines.keys()]) {
    if (candidates.has(name)) continue;
    const found = inventory.machines.get(name);
    const draft = drafts.get(name);
    if (found?.isLocal === true && draft?.host === undefined) {
      candidates.set(name, local);
      continue;
    }
    candidates.set(name, {
      name,
      span: draft === undefined && found !== undefined ? found.span : spanOf(['machines', name]),
      draft: { ...found?.draft, ...draft },
      troubles: found?.troubles ?? [],
    });
  }
  return candidates;
}

const underlayOf = ({ address, wireguard }: MachineDraft): MachineDraft => ({
  ...(address === undefined ? {} : { address }),
  ...(wireguard === undefined ? {} : { wireguard }),
});

function checkLocal(context: Context, written: object | undefined): void {
  for (const key of ['ssh', 'become', 'deadMan'] as const)
    if (written !== undefined && key in written)
      context.report(
        'S143',
        ['machines', LOCAL_MACHINE, key],
        `The machine "${LOCAL_MACHINE}" is the one that runner is on: it has no "${key}"`,
        {
          key: true,
          help: 'Give the other machine another name; of this one, only "underlay" can be written',
        },
      );
}

/** Without a way to it, what an inventory says of `local` is about the machine that runner is on. */
function checkKnownLocal(context: Context, { span, draft }: InventoryMachine): void {
  const { host = LOCAL_MACHINE, port, jumps } = draft;
  if (host === LOCAL_MACHINE && port === undefined && jumps === undefined) return;
  context.reportAt(
    'S143',
    span,
    `The machine "${LOCAL_MACHINE}" is the one that runner is on, and the inventory has a way to it`,
    {
      help: 'Give the other machine another name; if this one is meant, write ansible_connection=local',
    },
  );
}

function sayUnused(context: Context, { name, span }: Candidate): void {
  // An inventory may have many machines that are none of ours.
  if (!context.written.machines.has(name) || name === LOCAL_MACHINE || context.partial) return;
  if (context.off.machines.has(name)) return;
  context.reportAt('S147', span, `Nothing is on the machine "${name}"`, {
    severity: 'warning',
    help: `Put a host on it: hosts: { client: { on: ${name} } }`,
  });
}

function resolveMachine(context: Context, candidate: Candidate): ResolvedMachine {
  const { name, span, draft, troubles } = candidate;
  for (const trouble of troubles) sayTrouble(context, trouble);
  const { address, wireguard } = draft;
  const parsed = address === undefined ? undefined : parseIp(address.value);
  if (address !== undefined && parsed?.ok === false)
    context.reportAt(
      'S144',
      address.span,
      `Expected the address of an underlay, found "${address.value}"`,
      {
        help: 'An IPv4 or IPv6 address at which the other machines reach this one, without a prefix length',
      },
    );
  const isLocal = name === LOCAL_MACHINE;
  if (!isLocal && draft.host === undefined && troubles.length === 0 && !context.partial)
    sayUnreachable(context, candidate);
  const { host = name, port = null, user = null } = draft;
  return {
    span,
    ...(address === undefined ? {} : { addressSpan: address.span }),
    plan: {
      name,
      ssh: isLocal
        ? null
        : {
            host,
            port,
            user,
            identities: draft.identities ?? [],
            knownHosts: draft.knownHosts ?? [],
            jumps: draft.jumps ?? null,
          },
      become: !isLocal && draft.become === 'sudo' ? 'sudo' : null,
      underlay: {
        address: parsed?.ok === true ? formatIp(parsed.value) : null,
        wireguard:
          wireguard === undefined || wireguard.value === false ? null : { port: wireguard.value },
      },
      deadMan: (isLocal ? undefined : draft.deadMan) ?? LOCAL.deadMan,
    },
  };
}

function sayUnreachable(context: Context, { name, span }: Candidate): void {
  const { ssh } = context.scenario.machines?.[name] ?? {};
  // A text that is no destination has been spoken of.
  if (typeof ssh === 'string' || ssh?.host !== undefined) return;
  context.reportAt('S142', span, `It is not said how to reach the machine "${name}"`, {
    help:
      context.scenario.inventory === undefined
        ? `Write ssh: user@host, or ssh: ${name} for an alias of ~/.ssh/config`
        : `The inventory does not have it: write ssh: user@host, or add "${name}" there`,
  });
}

function sayTrouble(context: Context, { code, span, message, ...more }: Trouble): void {
  context.reportAt(code, span, message, more);
}
