// A description as it was read, with the places that faults are shown at.
import type { Span } from '../../base/diagnostic.ts';
import type { FieldSpec, LayoutSize } from '../../model/protocol.ts';

export interface WrittenField {
  readonly spec: FieldSpec;
  readonly span: Span;
}

export interface WrittenLayout {
  readonly name: string;
  readonly span: Span;
  readonly fields: readonly WrittenField[];
  readonly size: LayoutSize | undefined;
  readonly align: number | undefined;
}
