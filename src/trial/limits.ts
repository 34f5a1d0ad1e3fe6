// How long the conductor waits for the lab, in milliseconds. Generous: they only end what would never end.
import type { ContainerSpec } from '../model/container.ts';
import type { Flow } from '../model/traffic.ts';
import type { Plan } from '../model/plan.ts';
import { containerNodes } from '../model/plan-containers.ts';
import { visitLimit } from '../model/visit.ts';
import { isBackground } from './drive-traffic.ts';

export const LIMITS = {
  /** All images of a lab, looked for, pulled, built: as long as there is progress. */
  prepare: 86_400_000,
  /** Between two words of what prepares the images: above the engine's own bound for the silence of a build. */
  silence: 2_100_000,
  captures: 30_000,
  services: 60_000,
  /** Each mirror's doctor waits for a few packets, one after the other. */
  inspectMirrors: 60_000,
  playMirrors: 5000,
  /** For the parties of a script to be ready. */
  openFlow: 30_000,
  /** One file or folder; above the agent's own bound. */
  copy: 130_000,
  /** For a censor or a proxy to be changed. */
  control: 20_000,
  stopTraffic: 30_000,
  stopCaptures: 120_000,
  count: 120_000,
  /** Above what the lab itself allows its agent before it kills it. */
  close: 16_000,
  /** For a killed lab to be gone. */
  killed: 3000,
  /** After Ctrl-C or a fault: for stopping traffic and draining captures. */
  salvage: 2_500,
  /** The same for what is to be fetched from other machines. */
  salvageAbroad: 20_000,
  /** After that, for what containers are asked for and for their end in peace. */
  salvageContainers: 5_000,
  /** The same after a fault, which nobody is waiting behind. */
  salvageBroken: 60_000,
} as const;

/** For the captures of a run that was cut off: those of other machines have a way to go. */
export const salvageLimit = ({ machines }: Plan): number =>
  machines.some(({ ssh }) => ssh !== null) ? LIMITS.salvageAbroad : LIMITS.salvage;

/** 1,000 nodes take some 8 s, a container 0.1 s; a machine under load ten times as long. */
export const buildLimit = (plan: Plan): number =>
  60_000 + 50 * plan.nodes.length + 5 * plan.steps.length + 5_000 * containerNodes(plan).length;

/** Each direction of an impaired link is measured for a few seconds. */
export const measureLimit = ({ networks }: Plan): number =>
  30_000 + 10_000 * networks.reduce((sum, { members }) => sum + members.length, 0);

/** A probe ends by its own timeout; a background program when traffic ends. */
export const flowLimit = (flow: Flow): number =>
  isBackground(flow)
    ? 24 * 3_600_000
    : (flow.probe.kind === 'visit' ? visitLimit(flow.probe) : flow.probe.timeout) + 15_000;

/** Each container has its own time to become ready; those that wait for others begin when these are. */
export function startLimit(plan: Plan): number {
  const specs = new Map(containerNodes(plan).map(({ name, container }) => [name, container]));
  const known = new Map<string, number>();
  const until = (name: string, spec: ContainerSpec): number => {
    const before = known.get(name);
    if (before !== undefined) return before;
    // Containers that wait for each other are refused by the compiler; this only keeps the count finite.
    known.set(name, 0);
    const waits = spec.dependsOn.map(({ container }) => {
      const other = specs.get(container);
      return other ? until(container, other) : 0;
    });
    const sum = spec.startTimeout + Math.max(0, ...waits);
    known.set(name, sum);
    return sum;
  };
  return 60_000 + Math.max(0, ...Array.from(specs, ([name, spec]) => until(name, spec)));
}

/** All may be given their grace one after the other, and each file that is copied out takes its time. */
export const stopLimit = (plan: Plan): number =>
  containerNodes(plan).reduce(
    (sum, { container: { stopGrace, copies } }) => sum + stopGrace + LIMITS.copy * copies.length,
    90_000,
  );

/** Copies of one container are carried out one after the other. */
export const copyLimit = (plan: Plan): number =>
  LIMITS.copy *
  Math.max(1, ...containerNodes(plan).map(({ container }) => container.copies.length));
