import { createRequire } from 'node:module'

/**
 * libheif's C interface (libheif 1.23, heif_context.h, heif_decoding.h, heif_image.h, heif_color.h) as libheif-js exports
 * it from WebAssembly, without the underscore of their names there: pointers are numbers, and a function that returns a `heif_error` takes the place for it first. The
 * package's JavaScript interface cannot leave transformations undone and does not tell the range of a picture's samples.
 */
export type LibHeif = {
  /** The module's memory. Another array whenever it has grown. */
  memory(): Uint8Array<ArrayBuffer>
  malloc(bytes: number): number
  free(pointer: number): void
  heif_context_alloc(): number
  heif_context_free(context: number): void
  heif_context_read_from_memory_without_copy(error: number, context: number, bytes: number, length: number, options: number): void
  heif_context_get_image_handle(error: number, context: number, item: number, handle: number): void
  heif_context_get_primary_image_handle(error: number, context: number, handle: number): void
  heif_image_handle_get_width(handle: number): number
  heif_image_handle_get_height(handle: number): number
  heif_image_handle_release(handle: number): void
  heif_decoding_options_alloc(): number
  heif_decoding_options_free(options: number): void
  heif_decode_image(error: number, handle: number, image: number, colorspace: number, chroma: number, options: number): void
  heif_image_release(image: number): void
  heif_image_get_width(image: number, channel: number): number
  heif_image_get_height(image: number, channel: number): number
  heif_image_get_bits_per_pixel_range(image: number, channel: number): number
  heif_image_get_plane_readonly(image: number, channel: number, stride: number): number
  heif_image_get_nclx_color_profile(error: number, image: number, profile: number): void
  heif_nclx_color_profile_free(profile: number): void
}

let loaded: LibHeif | undefined

/** Loaded at the first use: it takes 26 MB and 80 ms of CPU. */
export function libHeif(): LibHeif {
  if (loaded === undefined) {
    const module = createRequire(import.meta.url)('libheif-js/wasm-bundle.js') as { readonly HEAPU8: Uint8Array<ArrayBuffer> }
    const functions = Object.entries(module).filter(([name, value]) => name.startsWith('_') && typeof value === 'function')
    const named = Object.fromEntries(functions.map(([name, value]) => [name.slice(1), value as unknown]))
    loaded = { ...named, memory: () => module.HEAPU8 } as LibHeif
  }
  return loaded
}

/** After an exception inside it, or when its memory is full, a module is not to be used again. */
export function forgetLibHeif(): void {
  loaded = undefined
}
