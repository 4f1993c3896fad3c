import { albums } from './en/albums.ts';
import { correct } from './en/correct.ts';
import { duplicates } from './en/duplicates.ts';
import { editor } from './en/editor.ts';
import { health } from './en/health.ts';
import { map } from './en/map.ts';
import { memories } from './en/memories.ts';
import { people } from './en/people.ts';
import { search } from './en/search.ts';
import { session } from './en/session.ts';
import { settings } from './en/settings.ts';
import { storage } from './en/storage.ts';
import { timeline } from './en/timeline.ts';
import { uploads } from './en/uploads.ts';
import { viewer } from './en/viewer.ts';

export const en = {
  product: 'Everroll',
  loading: 'Loading',
  actions: {
    cancel: 'Cancel',
    close: 'Close',
    done: 'Done',
    save: 'Save',
    undo: 'Undo',
    tryAgain: 'Try again',
    delete: 'Delete',
    deleteForGood: 'Delete for good',
    recover: 'Recover',
    more: 'More',
    back: 'Back',
    rename: 'Rename',
    download: 'Download',
    favourite: 'Favourite',
    unfavourite: 'Not a favourite any more',
    hide: 'Hide',
    unhide: 'Show again',
    archive: 'Archive',
    unarchive: 'Move out of the archive',
    addToAlbum: 'Add to album',
  },
  navigation: {
    label: 'Pages',
    library: 'Library',
    photos: 'Photos',
    albums: 'Albums',
    allAlbums: 'All albums',
    favourites: 'Favourites',
    archive: 'Archive',
    hidden: 'Hidden',
    deleted: 'Recently Deleted',
    search: 'Search',
    map: 'Map',
    memories: 'Memories',
    duplicates: 'Duplicates',
    utilities: 'Utilities',
    kinds: 'Media types',
    health: 'Sync health',
    healthShort: 'Sync',
    storage: 'Storage',
    settings: 'Settings',
    people: 'People',
    upload: 'Add photos',
    skip: 'Skip to the photos',
    account: 'Account',
    server: 'Server',
  },
  problem: {
    title: 'This did not work',
    crashed: 'Something went wrong in this page',
    crashedText: 'Your photos are not affected. Load the page again; if it happens again, tell the owner of the server.',
    reload: 'Load again',
    notFound: 'There is nothing here',
    notFoundText: 'The page or the photo that this address named is gone, or it never was.',
    toPhotos: 'To the photos',
  },
  session,
  timeline,
  viewer,
  editor,
  albums,
  correct,
  duplicates,
  search,
  uploads,
  health,
  map,
  memories,
  people,
  storage,
  settings,
};
