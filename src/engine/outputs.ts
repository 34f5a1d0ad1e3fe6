// A connection to an engine taken apart into the two outputs of a program, no faster than they are read.
import { once } from 'node:events';
import { PassThrough, type Readable } from 'node:stream';
import { type OutputPiece, createDemultiplexer } from './demultiplexer.ts';

export interface Outputs {
  readonly stdout: Readable;
  readonly stderr: Readable;
  /** Settles when the connection gives no more and all of it was passed on; the error that cut it off, if one did. */
  readonly drained: Promise<Error | undefined>;
}

/** With a terminal there are no frames: all is standard output. */
export function takeOutputs(connection: NodeJS.ReadableStream, isTty: boolean): Outputs {
  const stdout = new PassThrough();
  const stderr = new PassThrough();
  const demultiplex = isTty ? asStdout : createDemultiplexer();
  const pump = async (): Promise<Error | undefined> => {
    try {
      for await (const chunk of connection)
        for (const { stream, bytes } of demultiplex(toBytes(chunk)))
          await pass(stream === 'stdout' ? stdout : stderr, bytes);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error : new Error(String(error));
    } finally {
      stdout.end();
      stderr.end();
    }
  };
  return { stdout, stderr, drained: pump() };
}

const asStdout = (bytes: Uint8Array): OutputPiece[] => [{ stream: 'stdout', bytes }];

const toBytes = (chunk: string | Buffer): Uint8Array =>
  typeof chunk === 'string' ? Buffer.from(chunk) : chunk;

async function pass(output: PassThrough, bytes: Uint8Array): Promise<void> {
  // Whoever destroyed it wants no more of it; the other output goes on.
  if (output.destroyed || output.write(bytes)) return;
  const controller = new AbortController();
  const { signal } = controller;
  try {
    await Promise.race([once(output, 'drain', { signal }), once(output, 'close', { signal })]);
  } finally {
    controller.abort();
  }
}
