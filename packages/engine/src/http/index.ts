export * from './account.ts';
export { discard, isHtml, readFailure, readJson, readNothing, type Schema, textOf } from './answer.ts';
export { type Answer, type Call, type Connection, faultOf, protocolHeaders } from './connection.ts';
export * from './devices.ts';
export * from './invitations.ts';
export * from './plans.ts';
export * from './scrub.ts';
export { askFor, httpServerClient } from './server-client.ts';
export { askPackedSnapshot, type PackedPage, unpackSnapshot } from './snapshot.ts';
