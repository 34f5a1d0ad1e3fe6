// Files copied into and out of containers at the moments that the plan names.
import { mkdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, relative, sep } from 'node:path';
import { Fault } from '../../base/fault.ts';
import { invariant } from '../../base/invariant.ts';
import {
  type ContainerSpec,
  type CopyMoment,
  type CopySpec,
  machinePath,
} from '../../model/container.ts';
import type { AgentEvent } from '../../model/rpc.ts';
import type { Engine } from '../../engine/engine.ts';
import { nowMicros } from '../endpoint/clock.ts';
import { within } from './bounded.ts';
import type { LiveContainer } from './live-container.ts';

export interface Copies {
  /** Carries out the copies of a container at one moment, in their order. What cannot be copied in is a fault. */
  at(container: LiveContainer, moment: CopyMoment): Promise<void>;
  /** Tells that those of a moment are not carried out. */
  leaveOut(container: LiveContainer, moment: CopyMoment, why: string): void;
}

export interface CopyOptions {
  readonly engine: Engine;
  /** Of the scenario's main file, absolute. */
  readonly folder: string;
  /** The run's, absolute. */
  readonly directory: string;
  readonly emit: (event: AgentEvent) => void;
}

/** Milliseconds for one copy. */
const COPY_LIMIT = 120_000;
/** What a copy left out: so many paths are named. */
const MAX_NAMED = 5;

export function createCopies(options: CopyOptions): Copies {
  return {
    at: async (container, moment) => {
      for (const copy of container.spec.copies)
        if (isMoment(copy.at, moment))
          await (copy.direction === 'in' ? copyIn : copyOut)(container, copy, options);
    },
    leaveOut: (container, moment, why) => {
      for (const copy of container.spec.copies)
        if (isMoment(copy.at, moment))
          tellLoss(container, 1, `copy not made, of "${copy.from}": ${why}`, options);
    },
  };
}

/** Whether something is to be copied at a moment. */
export const wantsCopy = ({ copies }: Pick<ContainerSpec, 'copies'>, moment: CopyMoment): boolean =>
  copies.some(({ at }) => isMoment(at, moment));

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
    await inTime(engine.copyIn(id, source, to));
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
  options: CopyOptions,
): Promise<void> {
  const { engine, directory } = options;
  const { node, id, files } = container;
  const skipped: string[] = [];
  const target = join(filesFolder(directory, node), to);
  invariant(isBelow(filesFolder(directory, node), target), `"${to}" stays in the node's folder`);
  try {
    await mkdir(dirname(target), { recursive: true });
    for (const file of await inTime(
      engine.copyOut(id, from, target, (line) => skipped.push(line)),
    )) {
      const path = isAbsolute(file) ? relative(directory, file) : file;
      if (!files.includes(path)) files.push(path);
    }
  } catch (error) {
    const what = `copy out of the container failed, of "${from}": ${faultOf(error).message}`;
    tellLoss(container, 1, what, options);
  }
  if (skipped.length > 0)
    tellLoss(
      container,
      skipped.length,
      `left out of the copy of "${from}": ${someOf(skipped)}`,
      options,
    );
}

function tellLoss(
  { node }: LiveContainer,
  count: number,
  what: string,
  { emit }: CopyOptions,
): void {
  emit({ kind: 'loss', time: nowMicros(), place: node, count, what, isDeclared: false });
}

/** The first few, and how many there are besides. */
export function someOf(lines: readonly string[]): string {
  const rest = lines.length - MAX_NAMED;
  return [...lines.slice(0, MAX_NAMED), ...(rest > 0 ? [`${rest} more`] : [])].join('; ');
}

const inTime = <T>(copying: Promise<T>): Promise<T> =>
  within(copying, COPY_LIMIT, () => {
    throw new Fault('run', `It took longer than ${COPY_LIMIT / 1000} s`, {
      help: 'Copy less: name what is needed of the folder',
    });
  });

const filesFolder = (directory: string, node: string): string => join(directory, 'files', node);

const isBelow = (folder: string, path: string): boolean => path.startsWith(`${folder}${sep}`);

const faultOf = (error: unknown): Fault =>
  error instanceof Fault ? error : new Fault('run', String(error));
