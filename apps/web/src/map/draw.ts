import type { PlaceNames, Town } from '../places/place-names.ts';
import { type Camera, type Point, type Size, onMap, seen, toWorld, worldPx } from './camera.ts';
import { COARSE_BELOW, type Country, UNITS, world } from './world.ts';

export interface Colours {
  readonly sea: string;
  readonly land: string;
  readonly border: string;
  readonly ink: string;
  readonly quiet: string;
}

/** The map's colours, as the page's style has them. */
export function coloursOf(element: Element): Colours {
  const style = getComputedStyle(element);
  // A custom property is only resolved where a colour is wanted.
  const colour = (name: string): string => style.getPropertyValue(name).trim();
  return { sea: colour('--map-sea'), land: colour('--map-land'), border: colour('--map-border'), ink: colour('--map-ink'), quiet: colour('--map-quiet') };
}

/** So many towns are asked for; most find no room. */
const TOWNS_MOST = 90;

/** Draws what the camera sees: land, borders, names. @param names null: there are none yet */
export function drawMap(canvas: HTMLCanvasElement, camera: Camera, size: Size, colours: Colours, names: PlaceNames | null): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const density = canvas.width / size.width;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.fillStyle = colours.sea;
  context.fillRect(0, 0, canvas.width, canvas.height);
  const px = worldPx(camera.zoom);
  const { land, borders } = camera.zoom < COARSE_BELOW ? world().coarse : world().fine;
  const unit = (px / UNITS) * density;
  const left = camera.x - size.width / px / 2;
  for (let copy = Math.floor(left); copy < left + size.width / px; copy += 1) {
    context.setTransform(unit, 0, 0, unit, (size.width / 2 + (copy - camera.x) * px) * density, (size.height / 2 - camera.y * px) * density);
    context.fillStyle = colours.land;
    context.fill(land);
    context.strokeStyle = colours.border;
    context.lineWidth = (camera.zoom < 3 ? 0.6 : 1) / (px / UNITS);
    context.stroke(borders);
  }
  context.setTransform(density, 0, 0, density, 0, 0);
  context.textBaseline = 'middle';
  context.lineJoin = 'round';
  const labels = new Labels(context, size, colours);
  for (const country of world().countries) drawCountry(labels, country, onMap(camera, size, country.at), camera.zoom, px);
  if (names === null || camera.zoom < 3) return;
  const [west, south, east, north] = seen(camera, size);
  for (const town of names.largest({ west, south, east, north }, TOWNS_MOST)) labels.town(town, onMap(camera, size, toWorld(town)), camera.zoom);
}

function drawCountry(labels: Labels, { name, width }: Country, at: Point, zoom: number, px: number): void {
  const room = width * px;
  if (zoom > 7 || room < 36) return;
  labels.country(name, at, Math.min(16, Math.max(10.5, room / 26)), room);
}

/** Names, of which none lies over another. */
class Labels {
  readonly #context: CanvasRenderingContext2D;
  readonly #size: Size;
  readonly #colours: Colours;
  readonly #taken: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number }[] = [];

  constructor(context: CanvasRenderingContext2D, size: Size, colours: Colours) {
    this.#context = context;
    this.#size = size;
    this.#colours = colours;
  }

  country(name: string, at: Point, px: number, room: number): void {
    this.#context.font = `600 ${px}px system-ui, sans-serif`;
    this.#context.letterSpacing = '0.06em';
    const width = this.#context.measureText(name).width;
    if (width < room * 1.3 && this.#take(at.x - width / 2, at.y, width, px)) this.#write(name, at.x - width / 2, at.y, this.#colours.quiet);
    this.#context.letterSpacing = '0px';
  }

  town({ name, population }: Town, at: Point, zoom: number): void {
    const px = population > 1_000_000 ? 13 : population > 100_000 ? 12 : 11;
    // Of small towns there are too many while the map shows much.
    if (Math.log10(population) < 8.2 - zoom * 0.5) return;
    this.#context.font = `${population > 500_000 ? 550 : 450} ${px}px system-ui, sans-serif`;
    const width = this.#context.measureText(name).width;
    if (!this.#take(at.x - 3, at.y, width + 12, px)) return;
    this.#context.fillStyle = this.#colours.ink;
    this.#context.beginPath();
    this.#context.arc(at.x, at.y, 2, 0, 2 * Math.PI);
    this.#context.fill();
    this.#write(name, at.x + 6, at.y, this.#colours.ink);
  }

  /** Whether there is room for it. */
  #take(x: number, y: number, width: number, height: number): boolean {
    const box = { left: x - 4, top: y - height, right: x + width + 4, bottom: y + height };
    if (box.right < 0 || box.left > this.#size.width || box.bottom < 0 || box.top > this.#size.height) return false;
    if (this.#taken.some((other) => box.left < other.right && box.right > other.left && box.top < other.bottom && box.bottom > other.top)) return false;
    this.#taken.push(box);
    return true;
  }

  #write(text: string, x: number, y: number, colour: string): void {
    this.#context.strokeStyle = this.#colours.land;
    this.#context.lineWidth = 3;
    this.#context.strokeText(text, x, y);
    this.#context.fillStyle = colour;
    this.#context.fillText(text, x, y);
  }
}
