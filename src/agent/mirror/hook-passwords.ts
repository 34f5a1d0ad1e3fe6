// The passwords with which copies authenticate, from the secrets of the lab: they go to the mirror's own thread and nowhere else.
import type { PlanMirror } from '../../model/mirror.ts';
import { createSecrets, type Secrets } from '../container/secrets.ts';

/** By user; `*`: of all others. Throws a Fault when the value of one was never handed over. */
export const hookPasswords = (
  { hook }: Pick<PlanMirror, 'hook'>,
  secrets: Secrets = createSecrets({}),
): Readonly<Record<string, string>> =>
  secrets.fill(
    Object.fromEntries(
      (hook?.passwords ?? []).map(({ user, variable }) => [user, { secret: { env: variable } }]),
    ),
  );
