import type { Size } from '@everroll/media/adjust';

export const shapeNames = ['free', 'original', '1:1', '5:4', '4:3', '3:2', '16:9'] as const;
export type ShapeName = (typeof shapeNames)[number];

/** A shape that a crop keeps. */
export class Shape {
  readonly name: ShapeName;
  /** Higher than wide. */
  readonly isPortrait: boolean;

  constructor(name: ShapeName, isPortrait: boolean) {
    this.name = name;
    this.isPortrait = isPortrait;
  }

  /** One that has two ways to lie. */
  get isFixed(): boolean {
    return this.name.includes(':') && this.name !== '1:1';
  }

  named(name: ShapeName): Shape {
    return new Shape(name, this.isPortrait);
  }

  swapped(): Shape {
    return new Shape(this.name, !this.isPortrait);
  }

  /** Width by height as fractions of the frame; null: any. */
  ratioIn(frame: Size): number | null {
    if (this.name === 'free') return null;
    if (this.name === 'original') return 1;
    const [long = 1, short = 1] = this.name.split(':').map(Number);
    const ratio = this.isPortrait ? short / long : long / short;
    return (ratio * frame.height) / frame.width;
  }
}
