/** All that the simulator takes from the agent: its words for faults of a connection, and its rules for names. */
export { connectionFault } from '../../../../apps/agent/src/ports/http/faults.ts';
export { numbered, safeFileName, safeFolder } from '../../../../apps/agent/src/ports/folder/safe-name.ts';
