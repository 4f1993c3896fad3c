/** Reads every module of the server and the agent once, so that their first real start finds them compiled. */
import { keepCompiled } from './compiled.ts';

keepCompiled();
await import('@everroll/server');
await import('../apps/agent/src/program.ts');
await import('../apps/agent/src/commands/verbs.ts');
await import('../apps/agent/src/commands/serve.ts');
