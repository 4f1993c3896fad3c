/**
 * What can go wrong in a database, in one spelling for every engine. A dialect folder translates
 * its engine's errors into these; nothing outside looks at an engine's codes or messages.
 */

/** A row with this key exists already. The receiver decides whether that is an answer or a defect. */
export class UniqueViolation extends Error {
  override readonly name = 'UniqueViolation';
}

/** The disk below the database is full. Nothing of the transaction was stored. */
export class DatabaseFull extends Error {
  override readonly name = 'DatabaseFull';
}

/** The database was written by a newer program; opening it with this one could damage it. */
export class NewerDatabase extends Error {
  override readonly name = 'NewerDatabase';
  readonly code = 'replica_newer_than_program';
}
