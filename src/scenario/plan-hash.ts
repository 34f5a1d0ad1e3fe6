import { canonicalJson } from '../base/canonical-json.ts';
import { sha256 } from '../base/hash.ts';
import type { Plan } from '../model/plan.ts';

/** SHA-256 over the plan's canonical JSON, as 64 hexadecimal digits. */
export const planHash = (plan: Plan): string => sha256(canonicalJson(plan));

/** The first six digits, for people and folder names. */
export const shortHash = (hash: string): string => hash.slice(0, 6);
