// One step of one party → instructions.
import type { ScriptAction } from '../../../model/scenario-file.ts';
import type { Instruction } from '../../../model/script.ts';
import { isDatagram, isRaw } from '../../../model/script-transport.ts';
import { millis } from '../quantity.ts';
import type { Act } from './acts.ts';
import { chooseChannel } from './choose-channel.ts';
import { resolveCondition } from './condition.ts';
import { isExpected } from './craft.ts';
import { resolvePattern } from './pattern.ts';
import { resolvePayload } from './payload.ts';
import type { Actor, Place, ScriptScope } from './scope.ts';
import { resolveSending } from './sending.ts';
import { type StepKind, stepKind } from './step-kind.ts';

interface StepInput {
  readonly scope: ScriptScope;
  readonly actor: Actor;
  readonly action: ScriptAction;
  readonly place: Place;
}

/** None, with a report, where the step is no good. */
export function resolveStep(
  scope: ScriptScope,
  actor: Actor,
  action: ScriptAction,
  place: Place,
): readonly Act[] {
  const kind = stepKind(scope, action, place.path);
  if (kind === undefined) return [];
  const input = { scope, actor, action, place };
  const done = instructionsOf(input, kind);
  const expected = isExpected(action);
  return done.map(({ instruction, size = 0 }) => ({
    party: actor.party,
    instruction,
    isExpected: expected,
    size,
  }));
}

interface Sized {
  readonly instruction: Instruction;
  readonly size?: number;
}

function instructionsOf(input: StepInput, kind: StepKind): readonly Sized[] {
  const { scope, actor, action, place } = input;
  switch (kind) {
    case 'send':
      return resolveSending(scope, actor, action, place, timing(input));
    case 'stack':
      return onChannel(input, (channel) => ({
        op: 'stack',
        channel,
        ack: action.ack ?? null,
        retransmit: action.retransmit ?? null,
      }));
    case 'expect':
      return onChannel(input, (channel) => expectation(input, channel));
    case 'close':
      return onChannel(input, (channel) => closing(input, channel));
    case 'wait':
      return [
        { instruction: { ...timing(input), after: millis(action.wait ?? '0ms'), op: 'wait' } },
      ];
    case 'set':
      return assignments(input);
    case 'if':
      return branch(input);
    case 'repeat':
      return repetition(input);
  }
}

type Timing = Pick<Instruction, 'step' | 'after' | 'at' | 'within'>;
type Untimed<T> = T extends Instruction ? Omit<T, keyof Timing> : never;

const timing = ({ action, place }: StepInput): Timing => ({
  step: place.step,
  after: millis(action.after ?? '0ms'),
  at: action.at === undefined ? null : millis(action.at),
  within: action.within === undefined ? null : millis(action.within),
});

function onChannel(
  input: StepInput,
  make: (channel: number) => Untimed<Instruction> | undefined,
): readonly Sized[] {
  const { scope, actor, action, place } = input;
  const channel = chooseChannel(scope, actor.party, action.to, place.path);
  const made = channel === undefined ? undefined : make(channel);
  return made === undefined ? [] : [{ instruction: { ...timing(input), ...made } }];
}

function expectation(
  { scope, actor, action, place }: StepInput,
  channel: number,
): Untimed<Instruction> | undefined {
  if (action.expect === undefined) return undefined;
  const found = resolvePattern(
    scope,
    actor,
    action.expect,
    [...place.path, 'expect'],
    `${scope.flow}/${place.step}`,
  );
  for (const name of found?.groups ?? []) actor.variables.add(name);
  if (action.as !== undefined) actor.variables.add(action.as);
  const { pattern } = found ?? {};
  if (pattern === undefined) return undefined;
  const closed = actor.closed.get(channel);
  const isEnd = pattern.kind === 'end' || pattern.kind === 'reset' || pattern.kind === 'packet';
  if (closed !== undefined && closed !== 'half' && !(isEnd && closed === 'fin')) {
    scope.context.report(
      'S152',
      [...place.path, 'expect'],
      `"${actor.party}" expects something on a connection that it has closed by "${closed}"`,
      {
        key: true,
        help: 'Close it later, or by "close: half", after which what comes is still read',
      },
    );
    return undefined;
  }
  const drained = isRaw(scope.transport) ? undefined : actor.drained.get(channel);
  if (drained !== undefined && !isEnd) {
    scope.context.report(
      'S152',
      [...place.path, 'expect'],
      `"${actor.party}" expects something on a connection of which it has awaited the ${drained}`,
      { key: true, help: 'Nothing comes after it: expect this before' },
    );
    return undefined;
  }
  return { op: 'expect', channel, pattern, as: action.as ?? null };
}

function closing(
  { scope, actor, action, place }: StepInput,
  channel: number,
): Untimed<Instruction> | undefined {
  const how = action.close ?? 'fin';
  const at = [...place.path, 'close'];
  if (how !== 'fin' && (isDatagram(scope.transport) || scope.transport === 'unix')) {
    scope.context.report(
      'S151',
      at,
      `There is no "${how}" with the transport "${scope.transport}"`,
      {
        help:
          scope.transport === 'unix'
            ? 'Write "close: fin"'
            : 'Nobody is told of the end of datagrams: leave it out',
      },
    );
    return undefined;
  }
  const closed = actor.closed.get(channel);
  if (closed !== undefined && !isRaw(scope.transport) && (closed !== 'half' || how === 'half')) {
    scope.context.report('S152', at, `"${actor.party}" has closed this connection before`, {
      key: true,
      help: 'Remove one of the two',
    });
    return undefined;
  }
  actor.closed.set(channel, how);
  return { op: 'close', channel, how };
}

function assignments(input: StepInput): readonly Sized[] {
  const { scope, actor, action, place } = input;
  return Object.entries(action.set ?? {}).flatMap(([variable, written]): Sized[] => {
    const path = [...place.path, 'set', variable];
    const name = `${scope.flow}/${place.step}/${variable}`;
    const sized = resolvePayload(scope.context, written, path, name, actor.variables);
    actor.variables.add(variable);
    if (sized === undefined) return [];
    return [{ instruction: { ...timing(input), op: 'set', variable, value: sized.payload } }];
  });
}

function branch(input: StepInput): readonly Sized[] {
  const { scope, actor, action, place } = input;
  const { context, flow } = scope;
  if (action.then === undefined && action.else === undefined)
    context.report('S151', [...place.path, 'if'], 'The step decides nothing', {
      key: true,
      help: 'Add "then", "else" or both, each a list of steps: then: [{ send: hello }]',
    });
  const condition =
    action.if &&
    resolveCondition(
      context,
      action.if,
      [...place.path, 'if'],
      `${flow}/${place.step}`,
      actor.variables,
    );
  const before = new Map(actor.closed);
  const yes = ownSteps(input, action.then ?? [], 'then');
  const afterYes = new Map(actor.closed);
  restore(actor, before);
  const no = ownSteps(input, action.else ?? [], 'else');
  // Closed for sure only if either way closes it.
  restore(actor, new Map([...actor.closed].filter(([channel]) => afterYes.has(channel))));
  if (condition === undefined) return [];
  return [{ instruction: { ...timing(input), op: 'branch', condition, yes, no } }];
}

function repetition(input: StepInput): readonly Sized[] {
  const { scope, actor, action, place } = input;
  const { repeat } = action;
  if (repeat === undefined) return [];
  const body = ownSteps(input, repeat.steps, 'repeat', 'steps');
  const until =
    repeat.until === undefined
      ? null
      : resolveCondition(
          scope.context,
          repeat.until,
          [...place.path, 'repeat', 'until'],
          `${scope.flow}/${place.step}`,
          actor.variables,
        );
  if (until === undefined) return [];
  return [{ instruction: { ...timing(input), op: 'loop', times: repeat.times, until, body } }];
}

function ownSteps(
  { scope, actor, place }: StepInput,
  steps: readonly ScriptAction[],
  ...keys: readonly string[]
): readonly Instruction[] {
  return steps.flatMap((action, index) =>
    resolveStep(scope, actor, action, {
      path: [...place.path, ...keys, index],
      step: `${place.step}.${keys[0] ?? ''}.${index + 1}`,
    }).map(({ instruction }) => instruction),
  );
}

function restore(actor: Actor, closed: ReadonlyMap<number, 'fin' | 'half' | 'reset'>): void {
  actor.closed.clear();
  for (const [channel, how] of closed) actor.closed.set(channel, how);
}
