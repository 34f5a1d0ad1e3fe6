// `migrate` → when a tunnel goes over another, and which.
import { LONGEST_TIMER } from '../../../base/units.ts';
import type { Migrate } from '../../../model/scenario-file.ts';
import type { Migration, MigrationPeriod } from '../../../model/tunnel.ts';
import type { Context } from '../../context.ts';
import { millis } from '../quantity.ts';
import { counted } from '../../text.ts';
import type { BundleDraft } from './bundle-drafts.ts';
import type { TunnelDraft } from './order.ts';
import { readTrace } from './trace.ts';

/** CoMPS's migrator.py. */
const PERIOD = '200ms';
const BATCH = { min: 1, max: 1 };

/** Of a tunnel that is over others. What cannot be is reported, and is as if it were not written. */
export function resolveMigration(
  context: Context,
  { name, path: at, written, over }: TunnelDraft | BundleDraft,
  way: Pick<Migration, 'table' | 'families'>,
): Migration {
  const path = [...at, 'migrate'];
  const migrate: Migrate = written.migrate ?? { policy: 'none' };
  const { policy, alpha = 1, batch = BATCH } = migrate;
  const weights = policy === 'weighted' ? (migrate.weights ?? []) : [];
  const refuse = (key: string, message: string, help: string): void =>
    context.report('S194', key === '' ? path : [...path, key], message, { help });
  if (policy === 'weighted' && weights.length !== over.length)
    refuse(
      migrate.weights === undefined ? '' : 'weights',
      `"${name}" goes over ${over.length} tunnels, and has ${counted(weights.length, 'weight')}`,
      `Write one for each of ${over.join(', ')}`,
    );
  else if (policy === 'weighted' && weights.every((weight) => weight === 0))
    refuse('weights', 'All weights are 0', 'Give one of them a larger one');
  if (policy === 'batched' && batch.min > batch.max)
    refuse('batch', `Expected "min" up to "max", found ${batch.min} and ${batch.max}`, 'Swap them');
  if (policy === 'trace' && migrate.file === undefined)
    refuse('', 'A trace is in a file', 'Add "file" with a switch a line, as in "200 wgnet2"');
  return {
    policy,
    every: periodOf(migrate.every ?? PERIOD, refuse),
    weights,
    alpha,
    batch: policy === 'batched' ? { low: batch.min, high: batch.max } : null,
    trace:
      policy === 'trace' && migrate.file !== undefined
        ? readTrace(context, migrate.file, [...path, 'file'], over)
        : null,
    ...way,
    atStart: !isStarted(context, name),
  };
}

function periodOf(
  every: NonNullable<Migrate['every']>,
  refuse: (key: string, message: string, help: string) => void,
): MigrationPeriod {
  if (typeof every !== 'string') return { kind: 'packets', count: every.packets };
  const ms = millis(every);
  if (ms < 1 || ms > LONGEST_TIMER)
    refuse('every', `Expected a period from 1ms to 596h, found "${every}"`, 'Write 200ms');
  return { kind: 'time', ms };
}

/** Whether some entry of the traffic starts it: it waits for that. */
const isStarted = ({ scenario }: Context, name: string): boolean =>
  (scenario.traffic ?? []).some(
    ({ tunnel, over, enabled = true }) => tunnel === name && over === undefined && enabled,
  );
