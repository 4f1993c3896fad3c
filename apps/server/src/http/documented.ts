import { PROBLEM_TYPE, Problem } from '@everroll/protocol';
import type { ZodType } from 'zod';

/** Pieces of route descriptions, so that each route says only what is its own. */

/** Every route may end in a problem document; which codes, the reasons' table says. */
export const problems = {
  default: { description: 'What went wrong, and what to do (RFC 9457).', content: { [PROBLEM_TYPE]: { schema: Problem } } },
} as const;

export function json<Schema extends ZodType>(schema: Schema, description: string) {
  return { description, content: { 'application/json': { schema } } };
}

/** Required, so that a body of another media type is refused and not taken for an empty one. */
export function jsonBody<Schema extends ZodType>(schema: Schema) {
  return { required: true, content: { 'application/json': { schema } } };
}

/** The scheme of `securitySchemes` in the document; routes for strangers override it with `[]`. */
export const forStrangers: [] = [];
