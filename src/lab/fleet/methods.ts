// Each method of the agents, asked of a lab: who is asked, and how the answers become one.
import type { AgentMethod, AgentMethods } from '../../model/rpc.ts';
import { Fault } from '../../base/fault.ts';
import { shareOf } from '../../model/plan-share.ts';
import { buildParts } from './build.ts';
import { collectCaptures, collectFiles } from './collect.ts';
import { type Fleet, askEach, built, byNode } from './fleet.ts';
import { joinInspections } from './join-inspections.ts';
import { measureLinks } from './measure-links.ts';
import { openFlow, runFlow } from './run-flow.ts';
import { callPart } from './part.ts';
import { foldersOf, shipFiles } from './ship-files.ts';

type Params<M extends AgentMethod> = AgentMethods[M]['params'];
type Result<M extends AgentMethod> = AgentMethods[M]['result'];

type FleetMethods = {
  readonly [M in AgentMethod]: (
    fleet: Fleet,
    params: Params<M>,
    timeoutMs: number,
  ) => Promise<Result<M>>;
};

export const METHODS: FleetMethods = {
  prepare: async (fleet, params, timeoutMs) => {
    await shipFiles(fleet, params.plan, params.directory);
    const answers = await askEach(fleet, 'prepare', timeoutMs, (part) => {
      const { directory, folder } = foldersOf(fleet, part, params);
      return { ...params, directory, folder, plan: shareOf(params.plan, part.machine.name) };
    });
    return {
      engine: answers.find(({ engine }) => engine !== null)?.engine ?? null,
      images: byNode(
        params.plan,
        answers.flatMap(({ images }) => images),
      ),
    };
  },
  build: buildParts,
  measure: measureLinks,
  startCaptures: (fleet, params, timeoutMs) =>
    none(askEach(fleet, 'startCaptures', timeoutMs, () => params)),
  stopCaptures: (fleet, _, timeoutMs) => collectCaptures(fleet, timeoutMs),
  startServices: async (fleet, params, timeoutMs) => {
    const answers = await askEach(fleet, 'startServices', timeoutMs, () => params);
    return { ready: answers.flatMap(({ ready }) => ready) };
  },
  startContainers: async (fleet, params, timeoutMs) => {
    const answers = await askEach(fleet, 'startContainers', timeoutMs, () => params);
    return {
      containers: byNode(
        built(fleet).plan,
        answers.flatMap(({ containers }) => containers),
      ),
    };
  },
  inspectMirrors: async (fleet, params, timeoutMs) => {
    const answers = await askEach(fleet, 'inspectMirrors', timeoutMs, () => params);
    return { inspections: joinInspections(answers.flatMap(({ inspections }) => inspections)) };
  },
  playMirrors: (fleet, params, timeoutMs) =>
    none(askEach(fleet, 'playMirrors', timeoutMs, () => params)),
  copyAfter: (fleet, params, timeoutMs) =>
    none(askEach(fleet, 'copyAfter', timeoutMs, () => params)),
  stopContainers: async (fleet, params, timeoutMs) => {
    const answers = await askEach(fleet, 'stopContainers', timeoutMs, () => params);
    await collectFiles(fleet);
    return {
      containers: byNode(
        built(fleet).plan,
        answers.flatMap(({ containers }) => containers),
      ),
    };
  },
  openFlow: (fleet, params, timeoutMs) => none(openFlow(fleet, params, timeoutMs)),
  runFlow,
  controlCensor: async (fleet, params, timeoutMs) => {
    const { nodes, censors } = built(fleet).plan;
    const on = censors.find(({ name }) => name === params.censor)?.on;
    const machine = nodes.find(({ name }) => name === on)?.machine;
    const part = fleet.parts.find((candidate) => candidate.machine.name === machine);
    if (!part) throw new Fault('run', `The lab has no censor "${params.censor}"`);
    return callPart(part, 'controlCensor', params, timeoutMs);
  },
  controlProxy: async (fleet, params, timeoutMs) => {
    const { nodes, proxies = [] } = built(fleet).plan;
    const on = proxies.find(({ name }) => name === params.proxy)?.on;
    const machine = nodes.find(({ name }) => name === on)?.machine;
    const part = fleet.parts.find((candidate) => candidate.machine.name === machine);
    if (!part) throw new Fault('run', `The lab has no proxy "${params.proxy}"`);
    return callPart(part, 'controlProxy', params, timeoutMs);
  },
  controlTunnel: async (fleet, params, timeoutMs) => {
    const { nodes, tunnels = [], bundles = [] } = built(fleet).plan;
    const on =
      tunnels.find(({ name }) => name === params.tunnel)?.client.node ??
      bundles.find(({ name }) => name === params.tunnel)?.client;
    const machine = nodes.find(({ name }) => name === on)?.machine;
    const part = fleet.parts.find((candidate) => candidate.machine.name === machine);
    if (!part) throw new Fault('run', `The lab has no tunnel "${params.tunnel}"`);
    return callPart(part, 'controlTunnel', params, timeoutMs);
  },
  endFlow: (fleet, params, timeoutMs) => none(askEach(fleet, 'endFlow', timeoutMs, () => params)),
  stopTraffic: (fleet, params, timeoutMs) =>
    none(askEach(fleet, 'stopTraffic', timeoutMs, () => params)),
  countPackets: async (fleet, { files, filter }, timeoutMs) => {
    const { plan } = built(fleet);
    const answers = await Promise.all(
      fleet.parts.map(async (part) => {
        const own = shareOf(plan, part.machine.name).captures.map(({ file }) => file);
        const asked = files.filter((file) => own.includes(file));
        if (asked.length === 0) return 0;
        const answer = await callPart(part, 'countPackets', { files: asked, filter }, timeoutMs);
        return answer.count;
      }),
    );
    return { count: answers.reduce((sum, count) => sum + count, 0) };
  },
  // What follows is between one agent and whoever speaks to it.
  hello: ofOneAgent('hello'),
  clock: ofOneAgent('clock'),
  digest: ofOneAgent('digest'),
  makeAuthority: ofOneAgent('makeAuthority'),
  probeListen: ofOneAgent('probeListen'),
  probeSend: ofOneAgent('probeSend'),
  probeCollect: ofOneAgent('probeCollect'),
  keep: ofOneAgent('keep'),
};

/** A lab on one machine is asked what its agent is asked. */
function ofOneAgent<M extends AgentMethod>(method: M): FleetMethods[M] {
  const ask = async (fleet: Fleet, params: Params<M>, timeoutMs: number): Promise<Result<M>> => {
    const [part, ...others] = fleet.parts;
    if (!part || others.length > 0)
      throw new Fault('run', `A lab on several machines is not asked "${method}" as a whole`);
    return callPart(part, method, params, timeoutMs);
  };
  return ask as FleetMethods[M];
}

async function none(work: Promise<unknown>): Promise<Record<string, never>> {
  await work;
  return {};
}
