// Netlink messages, each of which serves a step of the plan.
import type { NetlinkMessage } from '../../kernel/netlink/message.ts';
import { NetlinkError, exchange } from '../../kernel/netlink/socket.ts';
import type { Step } from '../../model/plan.ts';
import { StepFault } from './step-fault.ts';

/** A message to the kernel and the step that it serves. */
export interface StepMessage {
  readonly step: Step;
  readonly message: NetlinkMessage;
}

/** Sends the messages in the namespace that this thread is in; a refusal is that of the message's step. */
export function exchangeSteps(messages: readonly StepMessage[]): void {
  try {
    exchange(messages.map(({ message }) => message));
  } catch (error) {
    const step = messages[error instanceof NetlinkError ? error.index : 0]?.step;
    throw step ? new StepFault(step, error) : error;
  }
}
