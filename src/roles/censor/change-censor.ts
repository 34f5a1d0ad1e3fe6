import type { CensorChange } from '../../model/traffic.ts';
import type { Censor } from './censor.ts';

/** What a scenario does to a censor between two packets: in force when it returns. */
export function changeCensor(
  censor: Pick<Censor, 'enabled' | 'reload'>,
  change: CensorChange,
): void {
  switch (change.kind) {
    case 'stop':
    case 'start':
      censor.enabled = change.kind === 'start';
      return;
    case 'reload':
      censor.reload(change.spec);
  }
}
