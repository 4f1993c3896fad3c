export { ColumnsError, decodeColumns } from './decode.ts';
export { encodeColumns } from './encode.ts';

/** The media type of a page of the snapshot in columns (rule C6). */
export const COLUMNS_TYPE = 'application/vnd.everroll.columns';
/** The header that says, as JSON, what a page in columns is: `SnapshotPage` without its entries. */
export const PAGE_HEADER = 'everroll-page';
