import { done, failed } from '@everroll/engine';
import type { CheckResult, LibraryId } from '@everroll/protocol';
import { isRemembered, memoriesOf } from '../catalogue/memories.ts';
import { facesOf } from '../catalogue/faces.ts';
import { placesOf } from '../catalogue/places.ts';
import { countsOf } from '../catalogue/scopes.ts';
import type { Service } from '../rpc/answerer.ts';
import { dayText } from '../../strings/day-text.ts';
import { assetView } from './asset-view.ts';
import type { Leader } from './leader.ts';
import { waitingItems } from './waiting.ts';

/** Suggestions and memories wait so long for the names of places, once. */
const NAMES_MS = 6000;

// What a library of photos seldom needs is loaded when it does.
const doctor = () => import('./doctor.ts');
const seeking = () => import('./seek.ts');
const plans = () => import('./plans.ts');

/** All that pages may ask of the device, over the parts that do it. */
export function serviceOf(leader: Leader): Service {
  const { home, desk, collections, changer, uploads, values, devices, refresher, signal } = leader;
  const { engine, connection, catalogue, ports } = home;
  const { driver } = ports;
  const library = (): LibraryId => engine.identity()?.library.id ?? ('' as LibraryId);
  /** What a person did is seen at once, whatever else is under way. */
  const seen = <T>(value: T): T => {
    home.pace.asked();
    refresher.now();
    return value;
  };

  return {
    calls: {
      setUp: async (owner) => seen(await desk.setUp(owner)),
      signIn: async (who) => seen(await desk.signIn(who)),
      signOut: async () => seen(await desk.signOut()),
      leave: (options) => leader.leave(options),
      confirmPassword: (password) => desk.confirmPassword(password),
      tryNow: () => engine.tryNow(),
      inviteDevice: () => desk.inviteDevice(),
      join: async (code) => seen(await desk.join(code)),
      acceptInvitation: async (code, who) => seen(await desk.acceptInvitation(code, who)),

      rows: (scope, version, from, count) => collections.rows(scope, version, from, count),
      find: (scope, asset) => collections.find(scope, asset),
      ids: (scope, version, from, count) => collections.ids(scope, version, from, count),
      counts: () => ({ ...countsOf(catalogue), isRemembered: isRemembered(catalogue, dayText(new Date())) }),

      asset: (id) => assetView(home, id),
      localPicture: (id) => uploads.contentOf(id),
      mayFetch(bytes) {
        const limit = engine.workLimit('asked');
        return limit.upTo >= bytes ? done(undefined) : failed('metered_consent_needed', { limitBytes: limit.upTo });
      },
      places: () => placesOf(driver, catalogue),
      faces: (ids) => facesOf(catalogue, ids),
      async memories(day) {
        await Promise.race([catalogue.towns.load(), ports.clock.sleep(NAMES_MS, signal)]);
        return memoriesOf(catalogue, day);
      },
      duplicates: async () => (await import('../catalogue/duplicates.ts')).duplicatesOf(driver, catalogue),

      change: async (change, newId) => seen(await changer.make(change, newId)),
      undo: (undo) => seen(changer.undo(undo)),
      async suggest(text) {
        await Promise.race([catalogue.towns.load(), ports.clock.sleep(NAMES_MS, signal)]);
        const { suggestionsFor } = await import('../catalogue/suggestions.ts');
        return suggestionsFor(driver, catalogue, text);
      },

      staged: async (files, contents) => seen(await uploads.add(files, contents)),
      uploadItems: (from, count) => uploads.items(from, count),
      cancelUploads: async (ids) => seen(await uploads.cancel(ids)),
      retryUploads: () => seen(uploads.retry()),
      uploadAgain: (id) => seen(uploads.again(id)),
      clearFinishedUploads: async () => seen(await uploads.clearFinished()),

      waiting: (from, count) => waitingItems(home, from, count),
      seek: async (missed) => (await seeking()).seek(home, missed),
      fix: async (action, retest) => (action === 'rebuild_database' ? leader.rebuild() : seen(await (await doctor()).fix(home, action, retest, signal))),
      supportBundle: async () => done(await (await doctor()).supportBundle(home, signal)),
      settingsOf: (id) => devices.settingsOf(id),
      setDevice: async (id, change) => seen(await devices.set(id, change)),
      renameDevice: (id, name) => devices.rename(id, name),
      signOutDevice: (id) => devices.signOut(id),

      usage: async () => (await plans()).askUsage(connection, signal),
      freeUp: async () => (await plans()).askFreeUpSummary(connection, library(), signal),
      freeUpItems: async (section, next, limit) => (await plans()).askFreeUpPage(connection, library(), { section, page: next, limit }, signal),

      set(change) {
        engine.set(change);
        return seen(done(undefined));
      },

      async accounts() {
        const answer = await (await plans()).askAccounts(connection, signal);
        return answer.ok ? done(answer.value.accounts) : answer;
      },
      addAccount: async (account) => (await plans()).addAccount(connection, account, signal),
      changeAccount: async (id, change) => (await plans()).changeAccount(connection, id, change, signal),
      invitePerson: (person) => desk.invitePerson(person),
    },
    watches: {
      session: (_, tell) => desk.state.follow(tell),
      surroundings: (_, tell, { isOwn }) => values.surroundings.follow((value) => tell({ ...value, role: isOwn ? 'leader' : 'follower' })),
      collection: ([scope], tell) => collections.follow(scope, tell),
      asset: ([id], tell) => leader.followAsset(id, tell),
      albums: (_, tell) => values.albums.follow((albums) => albums !== null && tell(albums)),
      pending: (_, tell) => values.pending.follow(tell),
      uploads: (_, tell) => values.uploads.follow(tell),
      status: (_, tell) => values.status.follow(tell),
      progress: (_, tell) => values.progress.follow(tell),
      settings: (_, tell) => values.settings.follow(tell),
      devices: (_, tell) => devices.follow(tell),
      diagnosis(_, tell) {
        const own = new AbortController();
        const run = async (): Promise<readonly CheckResult[]> => (await doctor()).runDoctor(home, AbortSignal.any([signal, own.signal]), (result) => tell({ result }));
        void run().then(
          (results) => tell({ ended: done(results) }),
          (error: unknown) => {
            if (!own.signal.aborted) tell({ ended: failed('internal_error', { detail: String(error) }) });
          },
        );
        return () => own.abort();
      },
    },
  };
}

