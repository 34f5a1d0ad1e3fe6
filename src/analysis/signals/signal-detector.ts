// What the detectors of signals share: which end a packet is for, and where it is seen by those who are to receive it.
import type { Signal } from '../../model/verdict.ts';
import type { AlignedDirection, AlignedFlow, Trajectory } from '../aligned.ts';
import type { SeenPacket } from '../seen-packet.ts';

/** Signals are stated whether or not they explain what became of the flow. */
export type SignalDetector = (flow: AlignedFlow) => Signal[];

export const sideOf = ({ side }: AlignedDirection): Signal['side'] =>
  side === 'forward' ? 'server' : 'client';

export const bothDirections = ({ reverse, forward }: AlignedFlow): AlignedDirection[] => [
  reverse,
  forward,
];

/** `{ by }`, or nothing where nobody can be named. */
export const named = (by: string | null): Pick<Signal, 'by'> => (by === null ? {} : { by });

/** A packet as one capture has it. */
export interface Sighting {
  readonly packet: SeenPacket;
  readonly trajectory: Trajectory;
}

/** What a capture, given by its place on the way, holds of a direction, in order of time. */
export const sightingsAt = ({ trajectories }: AlignedDirection, point: number): Sighting[] =>
  trajectories
    .flatMap((trajectory): Sighting[] => {
      const packet = trajectory.sightings[point];
      return packet ? [{ packet, trajectory }] : [];
    })
    .toSorted(
      (left, right) =>
        left.packet.time - right.packet.time || left.packet.frame - right.packet.frame,
    );
