// Small charts without axes, many of them: plain canvases of one size, so that drawing them measures nothing.

import { faded, palette } from "./palette.js";

const WIDTH = 150;
const HEIGHT = 28;

export function sparkCanvas() {
  const canvas = document.createElement("canvas");
  canvas.className = "spark";
  canvas.setAttribute("aria-hidden", "true");
  return canvas;
}

/// Draws lists over time, each `{ values, color, fill, dash }`; the first one lies at the back. `least` is what the height
/// stands for at least.
export function drawSpark(canvas, at, lines, { from, end, least = 0 }) {
  const ratio = Math.min(3, devicePixelRatio || 1);
  const [width, height] = [Math.round(WIDTH * ratio), Math.round(HEIGHT * ratio)];
  if (canvas.width !== width || canvas.height !== height) {
    canvas.width = width;
    canvas.height = height;
  }
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, WIDTH, HEIGHT);
  let most = least;
  for (const line of lines) {
    for (const value of line.values) {
      if (value > most) {
        most = value;
      }
    }
  }
  const colors = palette();
  const x = time => ((time - from) / (end - from)) * WIDTH;
  const y = value => HEIGHT - 1.5 - (most <= 0 ? 0 : (value / most) * (HEIGHT - 4));
  for (const line of lines) {
    // A line along the bottom is no news, and needs no colour.
    const isFlat = line.values.every(value => value === null || value === 0);
    context.strokeStyle = isFlat ? colors.grid : colors[line.color];
    context.fillStyle = faded(colors[line.color], 0.16);
    context.lineWidth = line.dash ? 1 : 1.4;
    context.setLineDash(line.dash ? [2, 2] : []);
    context.lineJoin = "round";
    draw(context, at, line, x, y);
  }
}

function draw(context, at, line, x, y) {
  let from = null;
  let last = 0;
  const close = () => {
    if (from !== null && line.fill) {
      context.lineTo(last, HEIGHT);
      context.lineTo(from, HEIGHT);
      context.fill();
    }
    from = null;
  };
  for (let i = 0; i < at.length; i++) {
    const value = line.values[i];
    if (value === null || value < 0) {
      close();
      continue;
    }
    const px = x(at[i]);
    if (from === null) {
      context.beginPath();
      context.moveTo(px, y(value));
      from = px;
    } else {
      context.lineTo(px, y(value));
    }
    last = px;
    const next = line.values[i + 1];
    if (next === undefined || next === null || next < 0) {
      context.stroke();
    }
  }
  close();
}
