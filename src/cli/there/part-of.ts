import type { FarLabPart } from '../../model/lab-mark.ts';
import type { LabRecord } from '../../lab/list.ts';

/** The part of a lab on another machine that has a node; undefined for a node of this one. */
export const partWith = ({ machines }: LabRecord, node: string): FarLabPart | undefined =>
  machines.find(({ nodes }) => nodes.includes(node));
