// Whether a visit is a good one: something may well come that is not the page.
import type { Observation } from '../model/observation.ts';
import type { VisitSpec } from '../model/visit.ts';
import { TIMEOUT } from './failure.ts';
import type { NamedFailure } from './visit-failure.ts';

/** What came of a visit. */
export interface VisitFacts {
  /** What went wrong on the way; null when the page was loaded. */
  readonly fault: (NamedFailure & { readonly detail: string }) | null;
  readonly isOutOfTime: boolean;
  readonly httpStatus: number | null;
  /** Of the document, decoded. */
  readonly bytes: number | null;
}

/** The first HTTP status that is an error: RFC 9110 section 15.5. */
const FIRST_ERROR = 400;

/** As CoMPS's collection has it: no page is one that is late, whose document is an error, or which is too small to be one. */
export function visitOutcome(
  { fault, isOutOfTime, httpStatus, bytes }: VisitFacts,
  { minimum, timeout }: Pick<VisitSpec, 'minimum' | 'timeout'>,
): Pick<Observation, 'failure' | 'operation' | 'detail'> {
  const failed = (failure: string, detail: string): ReturnType<typeof visitOutcome> => ({
    failure,
    operation: 'read',
    detail,
  });
  if (isOutOfTime) return failed(TIMEOUT, `the page was not loaded within ${timeout} ms`);
  if (fault !== null) return fault;
  if (httpStatus !== null && httpStatus >= FIRST_ERROR)
    return failed('http_unexpected_status_code', `the document has HTTP status ${httpStatus}`);
  if (bytes === null) return failed('http_request_failed', 'no document came');
  if (bytes === 0) return failed('http_request_failed', 'the document is empty');
  if (bytes < minimum)
    return failed(
      'http_request_failed',
      `the document has ${bytes} B, fewer than the ${minimum} B that it must have`,
    );
  return { failure: null, operation: null };
}
