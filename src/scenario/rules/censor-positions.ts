import type { CensorAction } from '../../model/censor-action.ts';
import type { CensorSpec } from '../../model/censor.ts';
import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** On-path censors only do what can be done beside the path. */
export const censorPositions: Rule = (context, { censors, controls }) => {
  for (const { position, spec, path } of censors)
    if (position === 'on-path') checkSpec(context, spec, path);
  for (const { control, path } of controls) {
    const censor = censors.find(({ name }) => name === control.censor);
    if (censor?.position === 'on-path' && control.do.kind === 'reload')
      checkSpec(context, control.do.spec, path);
  }
};

function checkSpec(context: Context, { rules, program, onError }: CensorSpec, path: Path): void {
  for (const [index, rule] of rules.entries()) {
    const at = [...path, 'rules', index];
    for (const [place, action] of rule.actions.entries())
      checkAction(context, action, [...at, 'action', place]);
    for (const action of rule.residual?.actions ?? [])
      checkAction(context, action, [...at, 'residual']);
  }
  for (const [name, actions] of Object.entries(program?.actions ?? {}))
    for (const [place, action] of actions.entries())
      checkAction(context, action, [...path, 'program', 'actions', name, place]);
  if (onError === 'drop')
    context.report(
      'S083',
      [...path, 'onError'],
      'An on-path censor sees copies and cannot drop packets',
      { help: 'Use "position: in-path", or "onError: pass"' },
    );
}

/** A copy of a packet cannot be kept from arriving, nor made to arrive otherwise. */
function checkAction(context: Context, action: CensorAction, path: Path): void {
  const cannot = deedOf(action);
  if (cannot === undefined) return;
  context.report('S083', path, `An on-path censor sees copies and cannot ${cannot}`, {
    help: 'Use "position: in-path", or an action that only injects',
  });
}

function deedOf(action: CensorAction): string | undefined {
  switch (action.kind) {
    case 'drop':
      return 'drop packets';
    case 'throttle':
      return 'throttle packets';
    case 'delay':
      return 'delay packets';
    case 'lose':
      return 'lose packets';
    case 'tamper':
      return 'tamper with packets';
    case 'redirect':
      return 'redirect packets';
    case 'mitm':
      return 'stand between client and server';
    case 'reset':
      if (action.mode === 'rewrite') return 'rewrite packets';
      return action.dropTrigger ? 'drop packets' : undefined;
    case 'dns':
    case 'blockpage':
      return action.dropTrigger ? 'drop packets' : undefined;
    case 'allow':
      return undefined;
  }
}
