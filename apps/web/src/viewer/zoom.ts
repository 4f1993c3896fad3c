/** How a picture lies on its stage: enlarged about the stage's middle, and moved by so many pixels. */
export interface View {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const fitted: View = { scale: 1, x: 0, y: 0 };
/** Beyond full resolution pixels are merely larger; this is enough to judge a 200 megapixel picture on a phone. */
export const MAX_SCALE = 24;

/** The size at which a picture just fits. A small one is not enlarged beyond its own pixels. */
export function fit(picture: Size, stage: Size): Size {
  const factor = Math.min(stage.width / picture.width, stage.height / picture.height);
  return { width: picture.width * factor, height: picture.height * factor };
}

/** Enlarges by a factor so that what is under the point (from the stage's middle) stays under it. */
export function zoomAt(view: View, factor: number, point: { readonly x: number; readonly y: number }, shown: Size, stage: Size): View {
  const scale = Math.min(MAX_SCALE, Math.max(1, view.scale * factor));
  const by = scale / view.scale;
  return bounded({ scale, x: point.x - (point.x - view.x) * by, y: point.y - (point.y - view.y) * by }, shown, stage);
}

/** No edge of the picture comes further in than the stage's edge, or than the middle where it is smaller. */
export function bounded(view: View, shown: Size, stage: Size): View {
  const reachX = Math.max(0, (shown.width * view.scale - stage.width) / 2);
  const reachY = Math.max(0, (shown.height * view.scale - stage.height) / 2);
  return { scale: view.scale, x: Math.min(reachX, Math.max(-reachX, view.x)), y: Math.min(reachY, Math.max(-reachY, view.y)) };
}
