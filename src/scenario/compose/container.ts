// One service as one container of a scenario.
import type { Attachment } from './service/attachment.ts';
import { commandEntries, healthcheckEntries } from './service/command.ts';
import type { ServiceContext } from './service/context.ts';
import { dependencyEntries } from './service/dependencies.ts';
import { environmentEntries } from './service/environment.ts';
import { imageEntries } from './service/image.ts';
import { type Mount, mountEntries } from './service/mounts.ts';
import { asksToForward, settingEntries } from './service/settings.ts';
import { type Entry, entry } from '../write/yaml-value.ts';

export interface ContainerParts {
  readonly name: string;
  readonly attachment: Attachment;
  /** What the networks and volumes of the compose file are called in the scenario. */
  readonly networkLabels: ReadonlyMap<string, string>;
  readonly volumeLabels: ReadonlyMap<string, string>;
  /** Mounts of the services that `volumes_from` names. */
  readonly inherited: readonly Mount[];
  readonly containersOf: (service: string) => readonly string[] | undefined;
}

export function containerEntries(context: ServiceContext, parts: ContainerParts): readonly Entry[] {
  return [
    ...imageEntries(context),
    ...commandEntries(context),
    ...environmentEntries(context),
    ...mountEntries(context, parts.volumeLabels, parts.name, parts.inherited),
    ...settingEntries(context),
    ...healthcheckEntries(context),
    ...dependencyEntries(context, parts.containersOf),
    ...networkEntries(context, parts),
  ];
}

/** With Docker a container on several networks passes nothing on between them unless it is told to. */
function networkEntries(
  context: ServiceContext,
  { attachment, networkLabels }: ContainerParts,
): readonly Entry[] {
  const isBetween = attachment.networks.size > 1;
  const isRouter = isBetween && mayRoute(context);
  if (isRouter) context.notes.comment('it may change its network, so it is taken for a router');
  const forwards = asksToForward(context) || isRouter;
  const names = [...attachment.networks].flatMap(([network, { interfaceName }]) =>
    interfaceName === undefined
      ? []
      : [entry(networkLabels.get(network) ?? network, { entries: [entry('name', interfaceName)] })],
  );
  return [
    ...(attachment.stack === 'own' ? [] : [entry('network', attachment.stack)]),
    ...(attachment.stack === 'own' && (isBetween || forwards)
      ? [entry('forwarding', forwards)]
      : []),
    ...(names.length === 0 ? [] : [entry('interfaces', { entries: names })]),
  ];
}

/** A container on several networks that may change routes and filters is mostly there to pass packets on. */
const mayRoute = (context: ServiceContext): boolean =>
  context.reader.flag(context.at('privileged'), 'privileged') === true ||
  context.reader
    .texts(context.at('cap_add'), 'cap_add')
    .some(({ text }) => /^(cap_)?(net_admin|all)$/i.test(text));
