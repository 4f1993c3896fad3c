import type { FreeUpPage, FreeUpSection, FreeUpSummary, Usage } from '@everroll/protocol';
import type { Result } from './watched.ts';

/** The account's plan, and where a person finds room. To delete: `Changes.make` with `delete` or `purge`. */
export interface Storage {
  usage(): Promise<Result<Usage>>;
  freeUp(): Promise<Result<FreeUpSummary>>;
  /** @param next of the page before; null for the first. */
  freeUpItems(section: FreeUpSection, next: string | null, limit: number): Promise<Result<FreeUpPage>>;
}
