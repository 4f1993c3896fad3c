/** How long what seems to be needed no more is kept. Each is counted by the server's clock. */
const DAY_MS = 24 * 60 * 60 * 1000;

/** Recently Deleted (PRODUCT 1.4). */
export const RECENTLY_DELETED_MS = 30 * DAY_MS;

/** Stored, but no asset names it: a device was cut off between the upload and the change, and comes back. */
export const UNREFERENCED_MS = 7 * DAY_MS;

/** Originals that no row names. Longer than anybody needs to notice that a restored backup was too old. */
export const SET_ASIDE_MS = 30 * DAY_MS;

/** Rule C5: devices that come back after a restored backup offer again what it lacks. */
export const AFTER_FORK_MS = 30 * DAY_MS;
