/**
 * Where every photo of a timeline stands: justified rows, by day. All positions come from the dates
 * and the aspect ratios alone, in one pass over columns (a million photos in tens of milliseconds), so
 * nothing moves when pictures arrive and any place can be jumped to.
 *
 * A day that fills rows has rows of its own. Days with few photos stand beside each other in one row,
 * each below its own label, as a library of many years is mostly made of such days.
 */
export interface TimelineColumns {
  readonly count: number;
  /** Days since 1970-01-01; neighbours of one day form a group. */
  readonly days: Int32Array;
  /** Width divided by height, times 1000. */
  readonly ratios: Uint16Array;
}

/** All in pixels. */
export interface LayoutMeasure {
  readonly width: number;
  /** The height that rows are near to. */
  readonly rowHeight: number;
  readonly gap: number;
  /** The strip above a row in which days begin. */
  readonly labelHeight: number;
  /** A day is at least as wide as this, so that its label can be read. */
  readonly labelWidth: number;
  /** Between two days in one row. */
  readonly dayGap: number;
}

export interface TimelineLayout {
  readonly rows: number;
  readonly height: number;
  /** Of the pictures of a row; its labels, if it has some, are above. */
  readonly rowTop: Float64Array;
  readonly rowHeight: Float32Array;
  /** First photo of a row; one entry more than rows. */
  readonly rowFirst: Uint32Array;
  readonly x: Float32Array;
  readonly width: Float32Array;
  readonly days: number;
  /** First photo of a day; one entry more than days. */
  readonly dayFirst: Uint32Array;
  readonly dayX: Float32Array;
  /** What a day's label may use. */
  readonly dayWidth: Float32Array;
}

/** Panoramas and strips are cut to these in the timeline; the viewer shows all of them. */
const WIDEST = 3;
const NARROWEST = 0.45;
/** How much higher than wished a row may be made to fill the width. */
const STRETCH = 1.35;
/** The last row of a day that is fuller than this is made to fill the width. */
const NEARLY_FULL = 0.82;

function aspectShown(ratio: number | undefined): number {
  return Math.min(WIDEST, Math.max(NARROWEST, (ratio ?? 1000) / 1000));
}

export function layOut(columns: TimelineColumns, measure: LayoutMeasure): TimelineLayout {
  return new Pass(columns, measure).run();
}

class Pass {
  readonly #columns: TimelineColumns;
  readonly #measure: LayoutMeasure;
  readonly #x: Float32Array;
  readonly #width: Float32Array;
  readonly #dayFirst: Uint32Array;
  readonly #dayX: Float32Array;
  readonly #dayWidth: Float32Array;
  readonly #rowTop: Float64Array;
  readonly #rowHeight: Float32Array;
  readonly #rowFirst: Uint32Array;
  #days = 0;
  #rows = 0;
  #y = 0;
  /** Days of the row that is being filled: the first of them, and how wide they are as wished. */
  #openFrom = -1;
  #openWidth = 0;

  constructor(columns: TimelineColumns, measure: LayoutMeasure) {
    this.#columns = columns;
    this.#measure = measure;
    const { count: length } = columns;
    this.#x = new Float32Array(length);
    this.#width = new Float32Array(length);
    this.#rowTop = new Float64Array(length);
    this.#rowHeight = new Float32Array(length);
    this.#rowFirst = new Uint32Array(length + 1);
    this.#dayFirst = new Uint32Array(length + 1);
    this.#dayX = new Float32Array(length);
    this.#dayWidth = new Float32Array(length);
  }

  run(): TimelineLayout {
    const { days, count: length } = this.#columns;
    for (let from = 0; from < length; ) {
      let to = from + 1;
      while (to < length && days[to] === days[from]) to += 1;
      this.#day(from, to);
      from = to;
    }
    this.#closeRow();
    this.#dayFirst[this.#days] = length;
    this.#rowFirst[this.#rows] = length;
    return {
      rows: this.#rows,
      height: this.#y,
      rowTop: this.#rowTop.slice(0, this.#rows),
      rowHeight: this.#rowHeight.slice(0, this.#rows),
      rowFirst: this.#rowFirst.slice(0, this.#rows + 1),
      x: this.#x,
      width: this.#width,
      days: this.#days,
      dayFirst: this.#dayFirst.slice(0, this.#days + 1),
      dayX: this.#dayX.slice(0, this.#days),
      dayWidth: this.#dayWidth.slice(0, this.#days),
    };
  }

  #day(from: number, to: number): void {
    const { width, rowHeight, gap, labelWidth, dayGap } = this.#measure;
    const natural = this.#aspects(from, to) * rowHeight + gap * (to - from - 1);
    const slot = Math.max(natural, labelWidth);
    if (natural >= width * NEARLY_FULL) {
      this.#closeRow();
      this.#dayFirst[this.#days] = from;
      this.#dayX[this.#days] = 0;
      this.#dayWidth[this.#days] = width;
      this.#days += 1;
      this.#fill(from, to);
      return;
    }
    if (this.#openFrom >= 0 && this.#openWidth + dayGap + slot > width) this.#closeRow();
    if (this.#openFrom < 0) {
      this.#openFrom = this.#days;
      this.#openWidth = slot;
    } else {
      this.#openWidth += dayGap + slot;
    }
    this.#dayFirst[this.#days] = from;
    this.#days += 1;
    this.#dayFirst[this.#days] = to;
  }

  /** Rows of one day alone. */
  #fill(from: number, to: number): void {
    const { width, rowHeight, gap } = this.#measure;
    let labelled = true;
    for (let first = from; first < to; ) {
      let end = first;
      let sum = 0;
      while (end < to && sum * rowHeight + gap * (end - first - 1) < width) {
        sum += aspectShown(this.#columns.ratios[end]);
        end += 1;
      }
      const last = sum - aspectShown(this.#columns.ratios[end - 1]);
      const heightOf = (aspects: number, photos: number): number => (width - gap * (photos - 1)) / aspects;
      const isFull = sum * rowHeight + gap * (end - first - 1) >= width;
      // With the photo that reached the edge or without it, whichever is nearer to the wished height.
      if (isFull && end - first > 1 && heightOf(last, end - first - 1) - rowHeight < rowHeight - heightOf(sum, end - first)) {
        end -= 1;
        sum = last;
      }
      const height = heightOf(sum, end - first);
      const mayFill = height <= rowHeight / NEARLY_FULL;
      this.#row(first, end, 0, mayFill ? height : rowHeight, labelled, mayFill ? width : null);
      labelled = false;
      first = end;
    }
  }

  /** The row of few-photo days, made to fill the width where that makes it little higher. */
  #closeRow(): void {
    if (this.#openFrom < 0) return;
    const { width, rowHeight, gap, labelWidth, dayGap } = this.#measure;
    const [fromDay, toDay] = [this.#openFrom, this.#days];
    this.#openFrom = -1;
    const firstOf = (day: number): number => this.#dayFirst[day] ?? 0;
    // Once for each day: the width is asked for at many heights.
    const [aspects, gaps]: [number[], number[]] = [[], []];
    for (let day = fromDay; day < toDay; day += 1) {
      aspects.push(this.#aspects(firstOf(day), firstOf(day + 1)));
      gaps.push(gap * (firstOf(day + 1) - firstOf(day) - 1));
    }
    const slotAt = (at: number, height: number): number => Math.max(labelWidth, (aspects[at] ?? 0) * height + (gaps[at] ?? 0));
    const widthAt = (height: number): number => {
      let sum = dayGap * (toDay - fromDay - 1);
      for (let at = 0; at < aspects.length; at += 1) sum += slotAt(at, height);
      return sum;
    };
    let height = rowHeight;
    if (widthAt(rowHeight * STRETCH) >= width) {
      // Slots that are as narrow as their label do not grow, so the height is found by halving.
      let [low, high] = [rowHeight, rowHeight * STRETCH];
      for (let step = 0; step < 12; step += 1) {
        height = (low + high) / 2;
        if (widthAt(height) > width) high = height;
        else low = height;
      }
      height = low;
    }
    let x = 0;
    const top = this.#begin(firstOf(fromDay), height, true);
    for (let day = fromDay; day < toDay; day += 1) {
      const slot = slotAt(day - fromDay, height);
      this.#dayX[day] = Math.round(x);
      this.#dayWidth[day] = Math.floor(slot);
      this.#place(firstOf(day), firstOf(day + 1), Math.round(x), height, null);
      x += slot + dayGap;
    }
    this.#y = top + Math.round(height) + gap;
  }

  #row(first: number, end: number, x: number, height: number, isLabelled: boolean, fillTo: number | null): void {
    const top = this.#begin(first, height, isLabelled);
    this.#place(first, end, x, height, fillTo);
    this.#y = top + Math.round(height) + this.#measure.gap;
  }

  #begin(first: number, height: number, isLabelled: boolean): number {
    const top = this.#y + (isLabelled ? this.#measure.labelHeight : 0);
    this.#rowTop[this.#rows] = top;
    this.#rowHeight[this.#rows] = Math.round(height);
    this.#rowFirst[this.#rows] = first;
    this.#rows += 1;
    return top;
  }

  /** Whole pixels, and the last one takes what rounding left. */
  #place(first: number, end: number, from: number, height: number, fillTo: number | null): void {
    let x = from;
    for (let photo = first; photo < end; photo += 1) {
      const left = Math.round(x);
      x += aspectShown(this.#columns.ratios[photo]) * height;
      this.#x[photo] = left;
      this.#width[photo] = (fillTo !== null && photo === end - 1 ? fillTo : Math.round(x)) - left;
      x += this.#measure.gap;
    }
  }

  #aspects(first: number, end: number): number {
    let sum = 0;
    for (let photo = first; photo < end; photo += 1) sum += aspectShown(this.#columns.ratios[photo]);
    return sum;
  }
}
