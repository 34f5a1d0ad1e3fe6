import { execFile } from 'node:child_process';
import { release } from 'node:os';
import { promisify } from 'node:util';
import type { WireguardDevice } from './interface.ts';

const LIMIT_MS = 5_000;

/** Of wireguard-go as it says itself, `0.0.20220316`; of the kernel for its own. Empty where it does not say. */
export async function wireguardVersion(
  implementation: WireguardDevice['implementation'],
): Promise<string> {
  if (implementation === 'kernel') return release();
  try {
    const { stdout } = await promisify(execFile)('wireguard-go', ['--version'], {
      timeout: LIMIT_MS,
    });
    return parseVersion(stdout);
  } catch {
    return '';
  }
}

/** `wireguard-go v0.0.20220316` and more lines. */
export const parseVersion = (text: string): string => /^wireguard-go v?(\S+)/.exec(text)?.[1] ?? '';
