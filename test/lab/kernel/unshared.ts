// Kernel calls need privileges over the namespaces they happen in: experiments run as processes of their own under
// unshare(1), as any user, and say what they found as JSON.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Runs the experiment in the file beside this one; gives what it prints. */
export async function runExperiment(file: string): Promise<Record<string, unknown>> {
  const user = process.getuid?.() === 0 ? [] : ['--user', '--map-root-user'];
  const script = fileURLToPath(new URL(file, import.meta.url));
  const { stdout } = await promisify(execFile)('unshare', [
    ...[...user, '--net', '--mount', '--pid', '--fork', '--kill-child', '--mount-proc', '--'],
    ...[process.execPath, '--import', 'ts-blank-space/register', script],
  ]);
  // The experiment prints one object.
  return JSON.parse(stdout) as Record<string, unknown>;
}
