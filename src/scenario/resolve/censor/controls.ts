// Entries of the traffic that act on a censor → controls.
import type { CensorChange, CensorControl } from '../../../model/traffic.ts';
import type { Traffic } from '../../../model/scenario-file.ts';
import type { Context } from '../../context.ts';
import type { Path } from '../../source/tree.ts';
import type { Lab } from '../lab.ts';
import { millis } from '../quantity.ts';
import { type ResolvedCensor, specOf } from './censors.ts';

export interface ResolvedControl {
  readonly path: Path;
  readonly control: CensorControl;
}

export function resolveControls(
  context: Context,
  lab: Lab,
  censors: readonly ResolvedCensor[],
): readonly ResolvedControl[] {
  return (context.scenario.traffic ?? []).flatMap((entry, index): ResolvedControl[] => {
    if (entry.censor === undefined) return [];
    const path = ['traffic', index];
    const censor = censors.find(({ name }) => name === entry.censor);
    const change = changeOf(context, lab, entry, censor, path);
    if (change === undefined) return [];
    return [
      {
        path,
        control: {
          name: entry.name,
          censor: entry.censor,
          at: millis(entry.at ?? '0s'),
          after: entry.after === undefined ? [] : [entry.after].flat(),
          do: change,
        },
      },
    ];
  });
}

/** Undefined where the censor is not known, or nothing is said: the rules report it. */
function changeOf(
  context: Context,
  lab: Lab,
  entry: Traffic,
  censor: ResolvedCensor | undefined,
  path: Path,
): CensorChange | undefined {
  if (entry.do === undefined || censor === undefined) return undefined;
  if (entry.do !== 'reload') return { kind: entry.do };
  const written = context.scenario.censor?.[Number(censor.path[1])];
  const node = lab.topology.nodes.get(censor.nodes[0] ?? '');
  if (written === undefined || node === undefined) return undefined;
  const { rules, program } = entry;
  const changes = {
    ...(rules === undefined ? {} : { rules }),
    ...(program === undefined ? {} : { program }),
    path,
  };
  return { kind: 'reload', spec: specOf(context, lab, node, written, censor.path, changes) };
}
