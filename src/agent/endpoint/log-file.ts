import { createWriteStream } from 'node:fs';
import { join } from 'node:path';

/** The log of one role in one node. */
export interface LogFile {
  /** Appends text or bytes; gives false when they come faster than the disk takes them: `drained` says when to go on. */
  write(content: string | Uint8Array): boolean;
  drained(): Promise<void>;
  /** Resolves when everything is written. */
  close(): Promise<void>;
}

/** Bytes after which a log is cut off, so that a program that never stops talking does not fill the disk. */
const SIZE_LIMIT = 64 * 1024 * 1024;

/** `<logs>/<node>.<role>.log`, or `<logs>/<node>.log` of the node itself, with anything but letters, digits, `_`, `.` and `-` replaced, so that it stays in its folder. */
const logPath = (logs: string, node: string, role: string | null): string =>
  join(logs, (role === null ? `${node}.log` : `${node}.${role}.log`).replace(/[^\w.-]/g, '_'));

/** Appends to the log of `role`, null for a container's own output. A log that cannot be written is no reason to end a run: it stays short. */
export function openLog(logs: string, node: string, role: string | null): LogFile {
  const stream = createWriteStream(logPath(logs, node, role), { flags: 'a' });
  let size = 0;
  stream.on('error', () => undefined);
  return {
    write: (content) => {
      if (size > SIZE_LIMIT || stream.destroyed) return true;
      size += content.length;
      if (size > SIZE_LIMIT)
        return stream.write(`\n(The log is cut here, at ${SIZE_LIMIT} bytes)\n`);
      return stream.write(content);
    },
    drained: () =>
      new Promise((resolve) => {
        const done = (): void => {
          stream.off('drain', done).off('close', done);
          resolve();
        };
        if (stream.destroyed || !stream.writableNeedDrain) resolve();
        else stream.on('drain', done).on('close', done);
      }),
    close: () =>
      new Promise((resolve) => {
        if (stream.closed) resolve();
        else stream.once('close', resolve).end();
      }),
  };
}

/** Appends a line with the time before it. */
export const logLine = (log: LogFile, line: string): boolean =>
  log.write(`${new Date().toISOString()} ${line}\n`);
