/** The limit of a server that is idle: Node with one HTTP server, and nothing else. */
import { createServer } from 'node:http';

// Nobody is left to measure it.
process.once('disconnect', () => process.exit());

const server = createServer((_incoming, outgoing) => outgoing.end('ok'));
server.listen(Number(process.env['EVERROLL_PORT']), '127.0.0.1');
