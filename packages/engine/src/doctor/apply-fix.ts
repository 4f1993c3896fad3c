import type { FixAction } from '@everroll/protocol';
import type { Engine } from '../engine.ts';
import { done, type Result } from '../ports/failure.ts';

/** What the engine itself can do; the rest is its host's: a process, a file of a database. */
export type EngineAction = Exclude<FixAction, 'rebuild_database' | 'start_sync'>;

/** Does one thing about a finding. The checks that it names are to be run again afterwards. */
export function applyFix(engine: Engine, action: EngineAction): Result<void> {
  switch (action) {
    case 'switch_on':
      engine.set({ sync: true });
      return done(undefined);
    case 'resume':
      engine.resume();
      return done(undefined);
    case 'retry':
      engine.tryNow();
      return done(undefined);
    case 'retry_items':
      engine.retryItems();
      return done(undefined);
    case 'sync_for_an_hour':
      engine.syncNow();
      return done(undefined);
    case 'allow_mobile_data_once':
      engine.letWaitingGo();
      return done(undefined);
    case 'allow_mobile_data':
      engine.set({ mobileData: true });
      return done(undefined);
    case 'renew_mobile_allowance':
      engine.renewMobileAllowance();
      return done(undefined);
    case 'allow_unlimited_mobile_data':
      engine.set({ unlimitedUpdates: true });
      return done(undefined);
    case 'optimise_now':
      engine.set({ originals: 'optimise' });
      engine.tryNow();
      return done(undefined);
    case 'restart_sync': {
      const restarted = engine.restartSync();
      return restarted.ok ? done(undefined) : restarted;
    }
  }
}
