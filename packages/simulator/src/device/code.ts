/** All that the simulator takes from the agent: its HTTP client above the connection, and its rules for names. */
export { type Call, type Connection, faultOf } from '../../../../apps/agent/src/ports/http/connection.ts';
export { httpServerClient } from '../../../../apps/agent/src/ports/http/server-client.ts';
export { numbered, safeFileName, safeFolder } from '../../../../apps/agent/src/ports/folder/safe-name.ts';
