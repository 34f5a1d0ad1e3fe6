// Files copied into and out of containers at the moments that the plan names.
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import { type CopyMoment, type CopySpec, machinePath } from '../../model/container.ts';
import type { AgentEvent } from '../../model/rpc.ts';
import type { Engine } from '../../engine/engine.ts';
import { nowMicros } from '../endpoint/clock.ts';
import type { LiveContainer } from './live-container.ts';

export interface Copies {
  /** Carries out the copies of a container at one moment, in their order. What cannot be copied in is a fault. */
  at(container: LiveContainer, moment: CopyMoment): Promise<void>;
}

export interface CopyOptions {
  readonly engine: Engine;
  /** Of the scenario's main file, absolute. */
  readonly folder: string;
  /** The run's, absolute. */
  readonly directory: string;
  readonly emit: (event: AgentEvent) => void;
}

export function createCopies(options: CopyOptions): Copies {
  return {
    at: async (container, moment) => {
      for (const copy of container.spec.copies)
        if (isMoment(copy.at, moment))
          await (copy.direction === 'in' ? copyIn : copyOut)(container, copy, options);
    },
  };
}

export const isMoment = (wished: CopyMoment, now: CopyMoment): boolean =>
  wished.when === 'after' && now.when === 'after'
    ? wished.flow === now.flow
    : wished.when === now.when;

async function copyIn(
  { node, id }: LiveContainer,
  { from, to }: CopySpec,
  { engine, folder }: CopyOptions,
): Promise<void> {
  const source = machinePath(from, folder, homedir());
  try {
    await engine.copyIn(id, source, to);
  } catch (cause) {
    const { kind, message, help } = faultOf(cause);
    throw new Fault(kind, `Cannot copy "${source}" to "${to}" in container "${node}": ${message}`, {
      help,
      cause,
    });
  }
}

/** What cannot be copied out is evidence lost: the rest of the run goes on. */
async function copyOut(
  container: LiveContainer,
  { from, to }: CopySpec,
  { engine, directory, emit }: CopyOptions,
): Promise<void> {
  const { node, id, files } = container;
  const target = join(filesFolder(directory, node), to);
  invariant(isBelow(filesFolder(directory, node), target), `"${to}" stays in the node's folder`);
  try {
    await mkdir(dirname(target), { recursive: true });
    for (const file of await engine.copyOut(id, from, target)) {
      const path = isAbsolute(file) ? relative(directory, file) : file;
      if (!files.includes(path)) files.push(path);
    }
  } catch (error) {
    const what = `copy out of the container failed, of "${from}": ${faultOf(error).message}`;
    emit({ kind: 'loss', time: nowMicros(), place: node, count: 1, what, isDeclared: false });
  }
}

const filesFolder = (directory: string, node: string): string => join(directory, 'files', node);

const isBelow = (folder: string, path: string): boolean => path.startsWith(`${folder}${sep}`);

const faultOf = (error: unknown): Fault =>
  error instanceof Fault ? error : new Fault('run', String(error));
