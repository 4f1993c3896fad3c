import type * as Api from 'node-av/api'
import type * as Constants from 'node-av/constants'
import type * as Lib from 'node-av/lib'

export type Library = { readonly api: typeof Api; readonly constants: typeof Constants; readonly lib: typeof Lib }

/** Null where the optional package is not installed, or has no binary for this machine. */
export async function loadNodeAv(): Promise<Library | null> {
  try {
    const library = { api: await import('node-av/api'), constants: await import('node-av/constants'), lib: await import('node-av/lib') }
    library.lib.Log.setLevel(library.constants.AV_LOG_QUIET)
    return library
  } catch {
    return null
  }
}
