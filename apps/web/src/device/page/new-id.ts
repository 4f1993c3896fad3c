/** 128 random bits as 32 lower-case hex digits, also where the page came without TLS. */
export const newId = (): string => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
