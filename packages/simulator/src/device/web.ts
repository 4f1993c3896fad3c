/** All that the simulator takes from the browser's program: its own list of uploads and its source, none of them altered. */
export { type UploadsHome, Uploads } from '../../../../apps/web/src/device/leader/uploads.ts';
export type { Store } from '../../../../apps/web/src/device/staging/copies.ts';
export { stagedSource } from '../../../../apps/web/src/device/staging/source.ts';
export { localIdOf, type StagedFile } from '../../../../apps/web/src/device/staging/staged.ts';
// It is loaded when it is first wanted. Loading takes real time, and in a run no time passes but its own.
await import('../../../../apps/web/src/device/staging/inspect.ts');
