import type { AssetId } from '@everroll/protocol';
import type { AssetView } from './contract/assets.ts';
import type { Device } from './contract.ts';
import { newId } from './page/new-id.ts';
import { done } from './page/outcome.ts';
import { pageUploads } from './page/page-uploads.ts';
import { keepShellForOffline } from './page/service-worker.ts';
import { startTabWorker } from './page/tab-worker.ts';
import { watchedValue } from './page/watched-value.ts';

/** Starts this page's part of the device. Once for a page. */
export function openDevice(): Device {
  const worker = startTabWorker();
  const { asker } = worker;
  keepShellForOffline();
  const session = watchedValue(asker, 'session', []);
  return {
    session: {
      state: session,
      surroundings: watchedValue(asker, 'surroundings', []),
      setUp: (owner) => asker.call('setUp', owner),
      signIn: (who) => asker.call('signIn', who),
      signOut: () => asker.call('signOut'),
      leave: (options) => asker.call('leave', options),
      confirmPassword: (password) => asker.call('confirmPassword', password),
      askToKeep: async () => (await navigator.storage?.persist?.()) ?? false,
      tryNow: () => asker.call('tryNow'),
      invite: () => asker.call('inviteDevice'),
      join: (code) => asker.call('join', code),
      acceptInvitation: (code, who) => asker.call('acceptInvitation', code, who),
    },
    collections: {
      open: (scope, onIndex) => asker.watch('collection', [scope], onIndex),
      rows: (scope, version, from, count) => asker.call('rows', scope, version, from, count),
      find: (scope, asset) => asker.call('find', scope, asset),
      ids: (scope, version, from, count) => asker.call('ids', scope, version, from, count),
      counts: async () => done(await asker.call('counts')),
      drawn: () => worker.drawn(),
    },
    assets: {
      get: (id) => asker.call('asset', id),
      watch: (id, onView) => asker.watch('asset', [id], onView),
      async fetchOriginal(id, sha256, options) {
        const view: AssetView | null = await asker.call('asset', id);
        const resource = view?.asset.resources.find((each) => each.sha256 === sha256);
        const state = session.get();
        if (resource === undefined || state?.phase !== 'signed_in') return { ok: false, failure: { code: 'not_found', evidence: {} } };
        return (await import('./page/fetch-original.ts')).fetchOriginal(asker, state.member.library.id, resource, options);
      },
      localPicture: (id: AssetId) => asker.call('localPicture', id),
      faces: (ids) => asker.call('faces', ids),
      places: async () => done(await asker.call('places')),
      memories: async (day) => done(await asker.call('memories', day)),
      duplicates: async () => done(await asker.call('duplicates')),
    },
    changes: {
      make: (change) => asker.call('change', change, newId()),
      undo: (undo) => asker.call('undo', undo),
      pending: watchedValue(asker, 'pending', []),
    },
    albums: { list: watchedValue(asker, 'albums', []) },
    search: { suggest: (text) => asker.call('suggest', text) },
    uploads: pageUploads(asker, worker),
    health: {
      status: watchedValue(asker, 'status', []),
      progress: watchedValue(asker, 'progress', []),
      waiting: (from, count) => asker.call('waiting', from, count),
      seek: (missed) => asker.call('seek', missed),
      diagnose: (onResult) =>
        new Promise((resolve) => {
          const end = asker.watch('diagnosis', [], (told) => {
            if ('result' in told) return onResult(told.result);
            end();
            resolve(told.ended);
          });
        }),
      fix: (action, retest) => asker.call('fix', action, retest),
      supportBundle: () => asker.call('supportBundle'),
      devices: watchedValue(asker, 'devices', []),
      settingsOf: (id) => asker.call('settingsOf', id),
      setDevice: (id, change) => asker.call('setDevice', id, change),
      renameDevice: (id, name) => asker.call('renameDevice', id, name),
      signOutDevice: (id) => asker.call('signOutDevice', id),
    },
    storage: {
      usage: () => asker.call('usage'),
      freeUp: () => asker.call('freeUp'),
      freeUpItems: (section, next, limit) => asker.call('freeUpItems', section, next, limit),
    },
    settings: {
      view: watchedValue(asker, 'settings', []),
      set: (change) => asker.call('set', change),
    },
    people: {
      accounts: () => asker.call('accounts'),
      add: (account) => asker.call('addAccount', account),
      change: (id, change) => asker.call('changeAccount', id, change),
      invite: (person) => asker.call('invitePerson', person),
    },
  };
}
