import type { RelayFinding } from '../../model/relay.ts';

/** A sentence over the file that does it again. */
export const findingComment = ({ session, message, mutation, answer }: RelayFinding): string =>
  `${mutation.type} no. ${message} of session ${session}, mutated at ${mutation.at}, was answered by ${answer}.`;

/** `003-FLOW_MOD-ERROR-BAD_ACTION-BAD_OUT_PORT.yaml`. `number` counts from 1. */
export function findingName({ mutation, answer }: RelayFinding, number: number): string {
  const words = `${mutation.type} ${answer}`.replace(/[^\w.]+/g, '-').slice(0, 100);
  return `${String(number).padStart(3, '0')}-${words}.yaml`;
}
