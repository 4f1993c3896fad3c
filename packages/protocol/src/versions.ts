/** The version of the product that this code belongs to. */
export const PRODUCT_VERSION = '0.1.0';

/**
 * The protocol's version, a whole number. A server serves `PROTOCOL.min` to `PROTOCOL.max`, so that
 * a device one version behind keeps syncing; a device sends the one that it speaks in
 * `PROTOCOL_HEADER`. Further apart, the answer says which side to update (rule V1).
 */
export const PROTOCOL = { min: 1, max: 1 } as const;

export const PROTOCOL_HEADER = 'everroll-protocol';
