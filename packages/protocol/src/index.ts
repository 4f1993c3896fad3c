export * from './entities.ts';
export * from './fold.ts';
export * from './ids.ts';
export * from './messages.ts';
export * from './operations.ts';
export * from './problem.ts';
export * from './reasons.ts';
export * from './versions.ts';
