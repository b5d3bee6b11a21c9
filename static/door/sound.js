/**
 * What the door hears and feels: three patterns that nobody mixes up with eyes on the guest.
 *
 * Admit rises, look repeats one tone, stop is low and long. The audio is unlocked by the tap that starts the camera.
 */

import { device } from "./device.js";

/** Notes as [frequency in Hz, start in s, length in s]. */
const NOTES = {
  admit: [[880, 0, 0.09], [1320, 0.1, 0.16]],
  look: [[660, 0, 0.12], [660, 0.2, 0.12]],
  stop: [[196, 0, 0.28], [147, 0.3, 0.42]],
};
const SHAPES = { admit: "sine", look: "triangle", stop: "square" };
const SHAKES = { admit: [70], look: [90, 70, 90], stop: [320, 90, 320] };

let context = null;

/** Unlock the sound; call it from a tap or a key. */
export function unlock() {
  const Audio = window.AudioContext ?? window.webkitAudioContext;
  if (!Audio) return;
  context ??= new Audio();
  if (context.state === "suspended") context.resume().catch(() => {});
}

function note(shape, [frequency, start, length]) {
  const from = context.currentTime + start;
  const tone = context.createOscillator();
  const volume = context.createGain();
  tone.type = shape;
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, from);
  volume.gain.linearRampToValueAtTime(0.5, from + 0.01);
  volume.gain.setValueAtTime(0.5, from + length - 0.03);
  volume.gain.linearRampToValueAtTime(0, from + length);
  tone.connect(volume).connect(context.destination);
  tone.start(from);
  tone.stop(from + length);
}

/** Play and shake the pattern of a tone. */
export function signal(tone) {
  navigator.vibrate?.(SHAKES[tone]);
  if (device.silent || context?.state !== "running") return;
  NOTES[tone].forEach((one) => note(SHAPES[tone], one));
}
