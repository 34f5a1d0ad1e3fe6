// Brings what the parts of a lab have gathered to the results folder here.
import { join } from 'node:path';
import { Fault } from '../../base/fault.ts';
import type { CaptureStats } from '../../model/rpc.ts';
import { shareOf } from '../../model/plan-share.ts';
import { fetchFile } from '../far/files/fetch-file.ts';
import { fetchLogsAndFiles } from '../far/files/fetch-logs.ts';
import { type Fleet, askEach, built } from './fleet.ts';
import { type FarPart, type Part, callPart, onMachine } from './part.ts';

/** Ends every capture, then fetches those of other machines, machine by machine side by side. */
export async function collectCaptures(
  fleet: Fleet,
  timeoutMs: number,
): Promise<{ captures: CaptureStats[] }> {
  const { plan, directory } = built(fleet);
  const answers = await askEach(fleet, 'stopCaptures', timeoutMs, () => ({}));
  await Promise.all(
    fleet.parts.map(async (part) => {
      const { far } = part;
      if (!far) return;
      await far.watch.after();
      const files = shareOf(plan, part.machine.name).captures.map(({ file }) => file);
      await onMachine(part.machine.name, fetchCaptures(part, far, files, directory, timeoutMs));
    }),
  );
  await collectFiles(fleet);
  const found = answers.flatMap(({ captures }) => captures);
  const captures = plan.captures.flatMap(({ file }) => found.filter((one) => one.file === file));
  return { captures };
}

async function fetchCaptures(
  part: Part,
  far: FarPart,
  files: readonly string[],
  directory: string,
  timeoutMs: number,
): Promise<void> {
  if (files.length === 0) return;
  const digests = (await callPart(part, 'digest', { files: [...files] }, timeoutMs)).files;
  for (const file of files) {
    const digest = digests[file];
    if (!digest)
      throw new Fault(
        'run',
        `The capture "${file}" is not there any more: it was written in "${far.agent.directory}"`,
      );
    const ends = { from: `${far.agent.directory}/${file}`, to: join(directory, file) };
    await fetchFile(far.machine, { ...ends, ...digest });
  }
}

/** Logs, and what was copied out of containers, of every other machine. */
export async function collectFiles(fleet: Fleet): Promise<void> {
  const { directory } = built(fleet);
  await Promise.all(
    fleet.parts.map(async ({ machine, far }) => {
      if (far)
        await onMachine(
          machine.name,
          fetchLogsAndFiles(far.machine, far.agent.directory, directory),
        );
    }),
  );
}
