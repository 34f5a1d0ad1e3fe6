import type { ReplayPayload, ReplayScript, ReplayStep } from './replay-script.ts';

/** The same replay with random bytes for all that is sent; whole packets, which begin with headers, stay as they are. */
export const randomScript = (script: ReplayScript): ReplayScript => ({
  ...script,
  conversations: script.conversations.map((conversation) => ({
    ...conversation,
    steps: conversation.steps.map(randomStep),
  })),
});

function randomStep(step: ReplayStep): ReplayStep {
  if (step.kind === 'close' || step.kind === 'packet') return step;
  return { ...step, payload: randomPayload(step.payload) };
}

const randomPayload = (payload: ReplayPayload): ReplayPayload =>
  payload.kind === 'bytes' && payload.bytes.length > 0
    ? { kind: 'random', size: payload.bytes.length }
    : payload;
