// How long the conductor waits for the lab, in milliseconds. Generous: they only end what would never end.
import type { Flow } from '../model/traffic.ts';
import type { Plan } from '../model/plan.ts';
import { isBackground } from './drive-traffic.ts';

export const LIMITS = {
  captures: 30_000,
  services: 60_000,
  stopTraffic: 30_000,
  stopCaptures: 120_000,
  count: 120_000,
  /** Above what the lab itself allows its agent before it kills it. */
  close: 6000,
  /** For a killed lab to be gone. */
  killed: 3000,
  /** After Ctrl-C or a fault: for stopping traffic and draining captures. */
  salvage: 2_500,
} as const;

/** 1,000 nodes take some 8 s; a machine under load ten times as long. */
export const buildLimit = ({ nodes, steps }: Plan): number =>
  60_000 + 50 * nodes.length + 5 * steps.length;

/** Each direction of an impaired link is measured for a few seconds. */
export const measureLimit = ({ networks }: Plan): number =>
  30_000 + 10_000 * networks.reduce((sum, { members }) => sum + members.length, 0);

/** A probe ends by its own timeout; a background program when traffic ends. */
export const flowLimit = (flow: Flow): number =>
  isBackground(flow) ? 24 * 3_600_000 : flow.probe.timeout + 15_000;
