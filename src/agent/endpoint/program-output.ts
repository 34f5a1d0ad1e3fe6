import { StringDecoder } from 'node:string_decoder';
import type { AgentEvent } from '../../model/rpc.ts';
import type { Flow } from '../../model/traffic.ts';
import { createLineLimit } from '../../traffic/line-limit.ts';
import { createLineSplitter } from '../../traffic/lines.ts';
import { nowMicros } from './clock.ts';
import { openLog } from './log-file.ts';
import type { OutputName } from './program.ts';

/** Where a program's output goes: all of it to its log, as it is, and its lines, as far as they are not too many, to the runner. */
export interface ProgramOutput {
  /** A promise says that the disk is behind, and resolves when it is not. */
  readonly write: (stream: OutputName, bytes: Uint8Array) => Promise<void> | null;
  /** Resolves to the last line that is not blank, or the empty text, when the log is written. */
  close(): Promise<string>;
}

/** Characters of a line that are shown. */
const LINE_LIMIT = 4096;
const LINES_PER_SECOND = 100;

export function openProgramOutput(
  logs: string,
  flow: Pick<Flow, 'from' | 'name'>,
  emit: (event: AgentEvent) => void,
): ProgramOutput {
  const log = openLog(logs, flow.from, flow.name);
  const limit = createLineLimit(LINES_PER_SECOND);
  const channel = (): Channel => ({
    decoder: new StringDecoder('utf8'),
    splitter: createLineSplitter(LINE_LIMIT),
  });
  const channels = { stdout: channel(), stderr: channel() };
  let lastLine = '';
  const show = (lines: readonly string[]): void => {
    const time = nowMicros();
    for (const line of lines) {
      if (line.trim() !== '') lastLine = line.trim();
      for (const shown of limit.pass(line, time))
        emit({ kind: 'log', time, node: flow.from, role: flow.name, line: shown });
    }
  };
  return {
    write: (stream, bytes) => {
      const { decoder, splitter } = channels[stream];
      show(splitter.push(decoder.write(bytes)));
      return log.write(bytes) ? null : log.drained();
    },
    close: async () => {
      show([...channels.stdout.splitter.rest(), ...channels.stderr.splitter.rest()]);
      await log.close();
      return lastLine;
    },
  };
}

interface Channel {
  readonly decoder: StringDecoder;
  readonly splitter: ReturnType<typeof createLineSplitter>;
}
