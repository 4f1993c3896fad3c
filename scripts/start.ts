/** `npm start`: see start/server-and-agent.ts, which is imported when what is compiled is kept. */
import { keepCompiled } from './compiled.ts';

keepCompiled();
await import('./start/server-and-agent.ts');
