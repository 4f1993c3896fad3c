import { type Affine, latticeOf, type Size } from '@everroll/media/adjust';
import type { Recipe } from '@everroll/protocol';

/** What is drawn: which part of the picture lies where, and with whose light and colour. */
export interface Scene {
  readonly recipe: Recipe;
  /** Of the region that fills the canvas, in pixels of the picture. */
  readonly region: Size;
  /** From a point of the region to the point of the picture that is seen there. */
  readonly toPicture: Affine;
}

export interface Painter {
  draw(scene: Scene, size: Size): void;
  release(): void;
}

const VERTEX = `#version 300 es
out vec2 at;
void main() {
  vec2 corner = vec2((gl_VertexID << 1) & 2, gl_VertexID & 2);
  at = vec2(corner.x, 1.0 - corner.y);
  gl_Position = vec4(corner * 2.0 - 1.0, 0.0, 1.0);
}`;

/** Looks up what packages/media/src/adjust has worked out: no colour arithmetic happens here. */
const FRAGMENT = `#version 300 es
precision highp float;
precision highp sampler3D;
in vec2 at;
out vec4 colour;
uniform sampler2D picture;
uniform sampler3D lattice;
uniform mat3 toPicture;
uniform float edge;
void main() {
  vec2 from = (toPicture * vec3(at, 1.0)).xy;
  vec4 pixel = texture(picture, from);
  if (edge > 0.0) pixel.rgb = texture(lattice, (pixel.rgb * (edge - 1.0) + 0.5) / edge).rgb;
  vec2 inside = step(vec2(0.0), from) * step(from, vec2(1.0));
  float shown = pixel.a * inside.x * inside.y;
  colour = vec4(pixel.rgb * shown, shown);
}`;

/** Draws with the graphics processor, sixty times a second; null where the browser has no WebGL 2. */
export function glPainter(canvas: HTMLCanvasElement, picture: ImageBitmap): Painter | null {
  const gl = canvas.getContext('webgl2', { premultipliedAlpha: true, antialias: false, preserveDrawingBuffer: true });
  const program = gl === null || gl.isContextLost() ? null : linked(gl);
  if (!gl || !program) return null;
  gl.useProgram(program);
  const place = (name: string): WebGLUniformLocation | null => gl.getUniformLocation(program, name);
  const [atPicture, atLattice, atMatrix, atEdge] = [place('picture'), place('lattice'), place('toPicture'), place('edge')];
  gl.uniform1i(atPicture, 0);
  gl.uniform1i(atLattice, 1);

  gl.activeTexture(gl.TEXTURE0);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
  gl.generateMipmap(gl.TEXTURE_2D);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR_MIPMAP_LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);

  gl.activeTexture(gl.TEXTURE1);
  gl.bindTexture(gl.TEXTURE_3D, gl.createTexture());
  for (const wrap of [gl.TEXTURE_WRAP_S, gl.TEXTURE_WRAP_T, gl.TEXTURE_WRAP_R]) gl.texParameteri(gl.TEXTURE_3D, wrap, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_3D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_3D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  // Complete also while no recipe has been looked at.
  gl.texImage3D(gl.TEXTURE_3D, 0, gl.RGBA8, 1, 1, 1, 0, gl.RGBA, gl.UNSIGNED_BYTE, new Uint8Array(4));
  let loaded: Recipe | null = null;
  let edge = 0;

  return {
    draw({ recipe, region, toPicture: { a, b, c, d, e, f } }, size) {
      if (recipe !== loaded) {
        const lattice = latticeOf(recipe);
        edge = lattice?.edge ?? 0;
        if (lattice) gl.texImage3D(gl.TEXTURE_3D, 0, gl.RGBA8, edge, edge, edge, 0, gl.RGBA, gl.UNSIGNED_BYTE, bytesOf(lattice.colours));
        loaded = recipe;
      }
      if (canvas.width !== size.width || canvas.height !== size.height) [canvas.width, canvas.height] = [size.width, size.height];
      gl.viewport(0, 0, size.width, size.height);
      // From fractions of the region to fractions of the picture.
      const { width, height } = picture;
      gl.uniformMatrix3fv(atMatrix, false, [(a * region.width) / width, (b * region.width) / height, 0, (c * region.height) / width, (d * region.height) / height, 0, e / width, f / height, 1]);
      gl.uniform1f(atEdge, edge);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT);
      gl.drawArrays(gl.TRIANGLES, 0, 3);
    },
    release: () => gl.getExtension('WEBGL_lose_context')?.loseContext(),
  };
}

function linked(gl: WebGL2RenderingContext): WebGLProgram | null {
  const program = gl.createProgram();
  for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]] as const) {
    const shader = gl.createShader(type);
    if (shader === null) return null;
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  return gl.getProgramParameter(program, gl.LINK_STATUS) === true ? program : null;
}

function bytesOf(colours: Float32Array): Uint8Array {
  const bytes = new Uint8Array((colours.length / 3) * 4);
  for (let from = 0, to = 0; from < colours.length; from += 3, to += 4) {
    for (let channel = 0; channel < 3; channel += 1) bytes[to + channel] = Math.round((colours[from + channel] ?? 0) * 255);
    bytes[to + 3] = 255;
  }
  return bytes;
}
