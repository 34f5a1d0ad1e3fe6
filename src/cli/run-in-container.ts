import { executeInContainer } from '../lab/execute.ts';
import { atTerminal, attach } from './attach.ts';

export interface ContainerProgram {
  /** The address of the lab's engine. */
  readonly engine: string;
  /** The engine's id of the container. */
  readonly container: string;
  readonly argv: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

/** Runs a program in a container with our own terminal or streams, and gives its exit code. */
export async function runInContainer(program: ContainerProgram): Promise<number> {
  const tty = atTerminal();
  const { engine, container, argv, environment } = program;
  const terminal = process.env['TERM'];
  const execution = await executeInContainer(engine, container, {
    argv,
    environment: { ...(tty && terminal !== undefined && { TERM: terminal }), ...environment },
    tty,
  });
  return attach(execution, { tty });
}
