// Services with the services that they extend.
import type { Span } from '../../base/diagnostic.ts';
import type { Faults } from '../faults.ts';
import { LIMITS } from '../source/limits.ts';
import { type MapEntry, type MapTree, type Tree, childOf } from '../source/tree.ts';
import { didYouMean } from '../suggest.ts';
import type { ProjectLoader } from './load-project.ts';
import { mergeMaps } from './merge-services.ts';
import { pathIn } from './paths.ts';

type Services = ReadonlyMap<string, MapEntry>;

export class ServiceExtender {
  readonly #loader: ProjectLoader;
  readonly #faults: Faults;
  readonly #opened = new Map<string, Services | undefined>();
  readonly #done = new Map<Tree, MapTree>();

  constructor(loader: ProjectLoader, faults: Faults) {
    this.#loader = loader;
    this.#faults = faults;
  }

  /** The service whole. `below` are the services that led here. */
  extend(name: string, service: MapTree, siblings: Services, below: readonly Tree[] = []): MapTree {
    const known = this.#done.get(service);
    if (known !== undefined) return known;
    const base = this.#base(name, service, siblings, [...below, service]);
    const entries = new Map(service.entries);
    entries.delete('extends');
    const own = { ...service, entries };
    const whole = base === undefined ? own : mergeMaps(base, own);
    this.#done.set(service, whole);
    return whole;
  }

  #base(
    name: string,
    service: MapTree,
    siblings: Services,
    chain: readonly Tree[],
  ): MapTree | undefined {
    const extended = childOf(service, 'extends');
    if (extended === undefined) return undefined;
    const named = extended.kind === 'map' ? childOf(extended, 'service') : extended;
    const wanted = textOf(named);
    if (wanted === undefined) {
      this.#faults.add('C008', extended.span, 'Expected the name of a service in "extends"', {
        help: 'Write extends: { service: base, file: common.yaml }',
      });
      return undefined;
    }
    const span = named?.span ?? extended.span;
    const file = extended.kind === 'map' ? textOf(childOf(extended, 'file')) : undefined;
    const services = file === undefined ? siblings : this.#open(file, extended.span);
    if (services === undefined) return undefined;
    const target = services.get(wanted)?.value;
    if (target?.kind !== 'map') {
      this.#faults.add(
        'C003',
        span,
        `The service "${name}" extends an unknown service "${wanted}"`,
        {
          help: didYouMean(wanted, services.keys()),
        },
      );
      return undefined;
    }
    if (chain.includes(target) || chain.length >= LIMITS.depth) {
      this.#faults.add(
        'C002',
        span,
        chain.includes(target)
          ? `The service "${wanted}" leads back to itself by "extends"`
          : `Too many services extend each other: expected at most ${LIMITS.depth}`,
      );
      return undefined;
    }
    return this.extend(wanted, target, services, chain);
  }

  #open(file: string, span: Span): Services | undefined {
    const path = pathIn(this.#loader.folderAt(span), file);
    if (this.#opened.has(path)) return this.#opened.get(path);
    const tree = this.#loader.open(path, span);
    const services = tree && childOf(tree, 'services');
    const entries = services?.kind === 'map' ? services.entries : undefined;
    if (tree !== undefined && entries === undefined)
      this.#faults.add('C001', span, `The file "${path}" has no services`);
    this.#opened.set(path, entries);
    return entries;
  }
}

const textOf = (tree: Tree | undefined): string | undefined =>
  tree?.kind === 'scalar' && typeof tree.value === 'string' && tree.value !== ''
    ? tree.value
    : undefined;
