// A long list of which only the rows exist that can be seen, and a few around them.

const AROUND = 6;

export class Rows {
  #names = [];
  #rows = new Map();
  #height = 0;
  #frame = 0;

  /// `create(name)` makes a row, `{ element, update() }`; the style sheet says how high one is, as `--row`.
  constructor(element, create) {
    this.element = element;
    this.create = create;
    this.moved = () => {
      if (this.#frame === 0) {
        this.#frame = requestAnimationFrame(() => this.show());
      }
    };
    this.resized = () => {
      this.#height = 0;
      this.moved();
    };
    addEventListener("scroll", this.moved, { passive: true });
    addEventListener("resize", this.resized);
    element.addEventListener("focusout", this.moved);
  }

  destroy() {
    cancelAnimationFrame(this.#frame);
    removeEventListener("scroll", this.moved);
    removeEventListener("resize", this.resized);
  }

  get names() {
    return this.#names;
  }

  has(name) {
    return this.#rows.has(name);
  }

  set(names) {
    this.#names = names;
    this.show();
  }

  /// Brings the rows that can be seen up to date.
  show() {
    this.#frame = 0;
    if (this.#height === 0) {
      this.#height = parseFloat(getComputedStyle(this.element).getPropertyValue("--row")) || 64;
    }
    const height = this.#height;
    const top = -this.element.getBoundingClientRect().top;
    const first = Math.max(0, Math.floor(top / height) - AROUND);
    const end = Math.min(this.#names.length, Math.ceil((top + innerHeight) / height) + AROUND);
    const total = `${this.#names.length * height}px`;
    if (this.element.style.height !== total) {
      this.element.style.height = total;
    }
    this.#remove(new Set(this.#names.slice(first, end)));
    let before = null;
    for (let i = end - 1; i >= first; i--) {
      before = this.#place(this.#names[i], i, before);
    }
  }

  /// The row that has the focus stays, wherever it is.
  #remove(seen) {
    for (const [name, row] of this.#rows) {
      if (!seen.has(name) && !(row.element.contains(document.activeElement) && this.#names.includes(name))) {
        row.element.remove();
        this.#rows.delete(name);
      }
    }
  }

  #place(name, index, before) {
    let row = this.#rows.get(name);
    if (row === undefined) {
      row = this.create(name);
      this.#rows.set(name, row);
    }
    const offset = `translateY(${index * this.#height}px)`;
    if (row.element.style.transform !== offset) {
      row.element.style.transform = offset;
    }
    row.element.setAttribute("aria-rowindex", String(index + 2));
    // In the order in which they are read. Moving the one that has the focus would take it away.
    if (row.element.parentNode !== this.element || row.element.nextElementSibling !== before) {
      if (!row.element.contains(document.activeElement) || row.element.parentNode !== this.element) {
        this.element.insertBefore(row.element, before);
      }
    }
    row.update();
    return row.element;
  }
}
