import type { Secrets } from '../container/secrets.ts';
import type { OutputName } from './program.ts';
import type { ProgramOutput } from './program-output.ts';

/** Output with the secrets in it masked, each stream on its own. */
export function maskOutput(output: ProgramOutput, secrets: Secrets): ProgramOutput {
  const masks = { stdout: secrets.mask(), stderr: secrets.mask() };
  const names: readonly OutputName[] = ['stdout', 'stderr'];
  return {
    write: (stream, bytes) => output.write(stream, masks[stream].push(bytes)),
    close: async () => {
      for (const name of names) {
        const rest = masks[name].rest();
        if (rest.length > 0) await output.write(name, rest);
      }
      return output.close();
    },
  };
}
