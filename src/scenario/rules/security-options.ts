import type { Context } from '../context.ts';
import type { Path } from '../source/tree.ts';
import type { Rule } from './rule.ts';

/** As engines take them: https://docs.docker.com/reference/cli/docker/container/run/#security-opt. */
const OPTION =
  /^(seccomp=(unconfined|\/\S+)|apparmor=\S+|label=\S+|no-new-privileges(=true|=false|:true|:false)?|systempaths=unconfined|mask=\/\S*)$/;

const KNOWN = [
  ...['seccomp=unconfined', 'apparmor=unconfined', 'label=disable', 'no-new-privileges'],
  ...['systempaths=unconfined', 'mask=/path'],
];

/** Security options are ones that engines know. */
export const securityOptions: Rule = (context) => {
  for (const { path, container } of context.nodes.values())
    for (const [index, option] of (container?.securityOptions ?? []).entries())
      if (!OPTION.test(option)) reportOption(context, option, [...path, 'securityOptions', index]);
};

function reportOption(context: Context, option: string, path: Path): void {
  if (/^seccomp[=:](?!unconfined$)./.test(option))
    context.report(
      'S134',
      path,
      `Expected the absolute path of a seccomp profile, found "${option}"`,
      { help: 'Write "seccomp=/path/of/profile.json", or "seccomp=unconfined" for none' },
    );
  else
    context.report('S134', path, `There is no security option "${option}"`, {
      help: context.suggest(option, KNOWN) ?? `There are: ${KNOWN.join(', ')}`,
    });
}
