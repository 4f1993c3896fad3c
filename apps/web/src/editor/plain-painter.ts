import { latticeOf, applyLattice } from '@everroll/media/adjust';
import type { Painter } from './gl-painter.ts';

/** Fast enough without a graphics processor: fewer pixels than the screen has. */
const EDGE_MAX_PX = 900;

/** The same for browsers without WebGL 2: the canvas turns the picture, the shared code colours it. */
export function plainPainter(canvas: HTMLCanvasElement, picture: ImageBitmap): Painter | null {
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) return null;
  return {
    draw({ recipe, region, toPicture }, wanted) {
      const scale = Math.min(1, EDGE_MAX_PX / Math.max(wanted.width, wanted.height));
      const [width, height] = [Math.max(1, Math.round(wanted.width * scale)), Math.max(1, Math.round(wanted.height * scale))];
      if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
      const { a, b, c, d, e, f } = new DOMMatrix([toPicture.a, toPicture.b, toPicture.c, toPicture.d, toPicture.e, toPicture.f]).inverse();
      const by = width / region.width;
      context.setTransform(1, 0, 0, 1, 0, 0);
      context.clearRect(0, 0, width, height);
      context.setTransform(a * by, b * by, c * by, d * by, e * by, f * by);
      context.drawImage(picture, 0, 0);
      const lattice = latticeOf(recipe);
      if (lattice === null) return;
      const pixels = context.getImageData(0, 0, width, height);
      applyLattice(lattice, pixels.data, 4);
      context.putImageData(pixels, 0, 0);
    },
    release: () => undefined,
  };
}
