/** A file of its own, so that the table comes when a reason is to be told (failed-toast.ts). */
export { reasons } from '@everroll/protocol';
