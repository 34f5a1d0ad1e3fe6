// What the thread of each node gets to know of the scripts that it has parties of.
import { constants, mkdirSync, openSync, rmSync } from 'node:fs';
import { closeDescriptor } from '../../../kernel/process.ts';
import { nodesOfFlow } from '../../../model/plan-share.ts';
import type { Plan } from '../../../model/plan.ts';
import type { ScriptSpec } from '../../../model/script.ts';
import type { Flow } from '../../../model/traffic.ts';
import { isRaw } from '../../../model/script-transport.ts';
import { serverNames } from '../../../traffic/server-names.ts';
import type { Authority } from '../authority.ts';
import type { Credentials, ScriptSetup } from '../protocol.ts';

export interface ScriptSetups {
  /** Nodes of this machine that have parties over sockets. */
  readonly nodes: readonly string[];
  of(node: string): readonly ScriptSetup[];
  /** Removes the socket files. */
  close(): void;
}

type ScriptFlow = Flow & { readonly probe: ScriptSpec };

/** `folder` is where socket files go: made when the first is needed, for the lab's own user alone. */
export function createScriptSetups(plan: Plan, authority: Authority, folder: string): ScriptSetups {
  const flows = plan.flows.filter(usesSockets);
  const own = new Set(plan.nodes.map(({ name }) => name));
  const issued = new Map<string, Credentials>();
  let folderFd: number | null = null;

  const openFolder = (): number => {
    if (folderFd !== null) return folderFd;
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    folderFd = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
    return folderFd;
  };
  /** One certificate for all parties that are connected to, under all names that they have. */
  const credentialsOf = (flow: ScriptFlow): Credentials => {
    const known = issued.get(flow.name);
    if (known) return known;
    const fresh = authority.issue(flow.name, namesOf(plan, flow));
    issued.set(flow.name, fresh);
    return fresh;
  };
  const setUp = (flow: ScriptFlow, node: string): ScriptSetup => {
    const { parties, transport, tls } = flow.probe;
    const withoutOthers = parties.map((party) =>
      party.node === node ? party : { ...party, program: [] },
    );
    return {
      flow: flow.name,
      spec: { ...flow.probe, parties: withoutOthers },
      seed: plan.seed,
      credentials: tls ? credentialsOf(flow) : null,
      sockets:
        transport === 'unix'
          ? { folderFd: openFolder(), names: socketNames(flow.probe, plan.flows.indexOf(flow)) }
          : null,
    };
  };
  return {
    nodes: [...new Set(flows.flatMap(nodesOfFlow))].filter((node) => own.has(node)),
    of: (node) =>
      flows
        .filter(({ probe }) => probe.parties.some((party) => party.node === node))
        .map((flow) => setUp(flow, node)),
    close: () => {
      if (folderFd === null) return;
      closeDescriptor(folderFd);
      folderFd = null;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const usesSockets = (flow: Flow): flow is ScriptFlow =>
  flow.probe.kind === 'script' && !isRaw(flow.probe.transport);

const socketNames = ({ channels }: ScriptSpec, flow: number): string[] =>
  channels.map((_, channel) => `${flow}.${channel}`);

function namesOf(plan: Plan, { probe }: ScriptFlow): readonly string[] {
  const hosts = [...plan.names, ...plan.nodes.flatMap(({ names }) => names)];
  const given = probe.tls?.sni ? [probe.tls.sni] : [];
  return probe.channels.flatMap(({ to, destination }) => {
    const on = probe.parties.find(({ name }) => name === to)?.node ?? to;
    return serverNames(hosts, { on, addresses: [destination.address] }, given);
  });
}
