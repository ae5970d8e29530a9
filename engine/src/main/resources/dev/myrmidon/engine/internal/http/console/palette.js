// The colours of the style sheet, as canvases need them: resolved for the theme that is on.

const NAMES = ["blue", "teal", "orange", "purple", "red", "muted", "grid", "surface"];
let colors = null;

export function palette() {
  if (colors === null) {
    colors = {};
    const probe = document.createElement("span");
    probe.hidden = true;
    document.body.append(probe);
    for (const name of NAMES) {
      probe.className = `ink-${name}`;
      colors[name] = getComputedStyle(probe).color;
    }
    probe.remove();
  }
  return colors;
}

/// The same colour, of which so much is seen.
export function faded(color, share) {
  return color.replace(/^rgb\((.*)\)$/, `rgba($1, ${share})`);
}

document.addEventListener("themechange", () => {
  colors = null;
});
